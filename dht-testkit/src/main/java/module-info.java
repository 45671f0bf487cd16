/** A simulated network in virtual time, on which the production node runs unchanged and reproducibly. */
@org.jspecify.annotations.NullMarked
module org.dhtrpc.testkit {
    requires transitive org.dhtrpc;
    requires static org.jspecify;

    exports org.dhtrpc.testkit;
}
