/** UDP on Netty: NIO everywhere, epoll and io_uring on Linux, many nodes on few threads. */
@org.jspecify.annotations.NullMarked
module org.dhtrpc.transport.netty {
    requires transitive org.dhtrpc;
    requires static org.jspecify;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.unix.common;

    exports org.dhtrpc.transport.netty;
}
