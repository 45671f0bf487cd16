/** A simulated network in virtual time, on which the production node runs unchanged and reproducibly. */
@org.jspecify.annotations.NullMarked
module org.dhtrpc.testkit {
    requires transitive org.dhtrpc;
    requires static java.management;
    requires static jdk.management;
    requires static org.assertj.core;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;

    exports org.dhtrpc.testkit;
    exports org.dhtrpc.testkit.adversary;
    exports org.dhtrpc.testkit.contract;
    exports org.dhtrpc.testkit.junit;
    exports org.dhtrpc.testkit.report;
    exports org.dhtrpc.testkit.scenario;

    // Its tests are called by reflection.
    opens org.dhtrpc.testkit.contract;
}
