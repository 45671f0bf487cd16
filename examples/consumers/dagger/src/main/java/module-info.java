/** An application that Dagger wires. */
module org.example.dagger {
    requires org.dhtrpc.codec.msgpack;
    requires org.dhtrpc.routing;
    requires org.dhtrpc.transport.nio;
    requires static java.compiler; // the code that Dagger generates says that it is generated
}
