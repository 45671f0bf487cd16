/** UDP on the JDK alone: {@code DatagramChannel} and a selector. */
@org.jspecify.annotations.NullMarked
module org.dhtrpc.transport.nio {
    requires transitive org.dhtrpc;
    requires static org.jspecify;

    exports org.dhtrpc.transport.nio;
}
