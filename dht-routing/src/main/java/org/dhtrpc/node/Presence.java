package org.dhtrpc.node;

import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.Kademlia;
import org.jspecify.annotations.Nullable;

/** Who the node is, as of the last time that it changed: for those who ask on other threads. */
record Presence(Key id, boolean ephemeral, @Nullable Endpoint publicAddress) {
    static Presence of(Kademlia machine) {
        return new Presence(machine.id(), machine.ephemeral(), machine.publicAddress());
    }
}
