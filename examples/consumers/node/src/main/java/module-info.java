/** A node on UDP. */
module org.example.node {
    requires org.dhtrpc.codec.msgpack;
    requires org.dhtrpc.routing;
    requires org.dhtrpc.transport.nio;
}
