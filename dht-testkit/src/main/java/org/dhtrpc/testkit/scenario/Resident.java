package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.jspecify.annotations.Nullable;

/** A host and the node on it, through all its lives. */
final class Resident {
    private final SimulatedHost host;

    /** What a node keeps on its disk. */
    final Store store;

    @Nullable
    Dht node;

    /** Whom the node knew when it went, if it keeps that. */
    List<Contact> saved = List.of();

    /** How its clock was set last, in parts per million. */
    double drift;

    /** Whether it was an adversary's for a while. */
    boolean suspect;

    /** Whether the next node here has nothing in common with the last but the address. */
    boolean stranger;

    /** Its place among the living; -1 if it is not one of them. */
    int place = -1;

    /** Counts its lives: what was planned for one does not befall the next. */
    int life;

    /** Those who have it stand still. */
    private final List<Object> pauses = new ArrayList<>(0);

    Resident(SimulatedHost host, Store store) {
        this.host = host;
        this.store = store;
    }

    SimulatedHost host() {
        return host;
    }

    Dht node() {
        return Objects.requireNonNull(node);
    }

    /** A node begins its life here. */
    void live(Dht made) {
        node = made;
        life++;
        pauses.clear();
    }

    /** Has it stand still, until the result is run and nobody else has it do so; or until it starts again. */
    Runnable pause() {
        Object pause = new Object();
        pauses.add(pause);
        host.pause();
        return () -> {
            if (pauses.remove(pause) && pauses.isEmpty()) {
                host.resume();
            }
        };
    }

    Nat nat() {
        return Objects.requireNonNull(host.nat());
    }

    boolean alive() {
        return place >= 0;
    }

    boolean hidden() {
        return host.nat() != null;
    }

    /** Whether it can talk to nobody, whatever happens. */
    boolean mute() {
        return host.nat() != null && host.nat().type().equals(NatType.UDP_BLOCKED);
    }

    /** Whether the machine stands still. */
    boolean paused() {
        return host.paused();
    }

    /** Whether an adversary has it. */
    boolean captured() {
        return host.captured();
    }

    boolean joined() {
        return node != null && node.ready().isDone() && !node.ready().isCompletedExceptionally();
    }

    @Override
    public String toString() {
        return "node " + host.number();
    }
}
