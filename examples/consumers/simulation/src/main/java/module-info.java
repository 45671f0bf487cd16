/** Nodes on a simulated network. */
module org.example.simulation {
    requires org.dhtrpc.codec.msgpack;
    requires org.dhtrpc.routing;
    requires org.dhtrpc.testkit;
}
