/** Reaches peers behind NATs: STUN, NAT classification, hole punching by way of a referrer. */
@org.jspecify.annotations.NullMarked
module org.dhtrpc.holepunch {
    requires transitive org.dhtrpc;
    requires static org.jspecify;

    exports org.dhtrpc.holepunch;
}
