package org.dhtrpc.holepunch;

import org.jspecify.annotations.Nullable;

/** The keys of a punch, once each end has the other's public one: for probes and notices, and for what is relayed. */
final class Agreement {
    private final Punch punch;
    private final Outbox outbox;
    private final KeyExchange exchange;
    private byte @Nullable [] key;
    private @Nullable RelayLine line;

    Agreement(Punch punch, Workbench bench) {
        this.punch = punch;
        this.outbox = bench.outbox();
        this.exchange = new KeyExchange(bench.random());
    }

    byte[] publicKey() {
        return exchange.publicKey();
    }

    /** Takes the other end's public key, if none was taken; false if it is none. */
    boolean reach(byte[] theirs) {
        if (key != null) {
            return true;
        }
        byte[] shared = exchange.shared(theirs, punch.number, "probes");
        byte[] forth = exchange.shared(theirs, punch.number, "forth");
        byte[] back = exchange.shared(theirs, punch.number, "back");
        if (shared == null || forth == null || back == null) {
            return false;
        }
        key = shared;
        boolean first = punch.initiator;
        punch.prober.start(shared, first ? null : exchange.publicKey());
        line = new RelayLine(punch.number, punch.referrer, outbox, first ? forth : back, first ? back : forth);
        return true;
    }

    /** Takes a key that came with a probe, faster than the referrer's answer, if the probe was made with it. */
    void reach(StunMessage probe) {
        byte[] theirs = probe.value(Stun.KEY);
        if (key == null && theirs != null) {
            byte[] shared = exchange.shared(theirs, punch.number, "probes");
            if (shared != null && probe.integrityHolds(shared)) {
                reach(theirs);
            }
        }
    }

    /** For probes; null as long as there is none. */
    byte @Nullable [] key() {
        return key;
    }

    /** By which datagrams go through the referrer; null as long as there is no key. */
    @Nullable
    RelayLine line() {
        return line;
    }
}
