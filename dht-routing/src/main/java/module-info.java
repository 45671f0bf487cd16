/** The routing and query logic as a pure state machine, and the node that drives it. */
@org.jspecify.annotations.NullMarked
module org.dhtrpc.routing {
    requires transitive org.dhtrpc;
    requires transitive dagger;
    requires transitive jakarta.inject;
    requires com.google.common;
    requires static java.compiler;
    requires static org.jspecify;

    exports org.dhtrpc.node;
    exports org.dhtrpc.routing;
}
