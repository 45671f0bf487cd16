/** The wire formats of npm dht-rpc, to join existing networks: version 6, and the seed's (1 to 3). */
@org.jspecify.annotations.NullMarked
module org.dhtrpc.codec.dhtrpc {
    requires transitive org.dhtrpc;
    requires static org.jspecify;
    requires org.bouncycastle.provider;

    exports org.dhtrpc.codec.dhtrpc;
}
