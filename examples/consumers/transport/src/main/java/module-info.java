/** A transport of one's own. */
module org.example.transport {
    requires transitive org.dhtrpc;

    exports org.example.transport;
}
