/** What an application calls, what travels, and what an implementer writes. Everything else depends on this module. */
@org.jspecify.annotations.NullMarked
module org.dhtrpc {
    requires static transitive org.jspecify;

    exports org.dhtrpc;
    exports org.dhtrpc.message;
    exports org.dhtrpc.spi;
}
