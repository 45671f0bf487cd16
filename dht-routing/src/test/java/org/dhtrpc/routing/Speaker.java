package org.dhtrpc.routing;

import static org.dhtrpc.routing.Invariants.holds;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/** As whom a machine may speak, told by its events: what it sends has its id of then, or none, or is a repeat. */
final class Speaker {
    /** The addresses for which it has wanted an id. */
    final List<Endpoint> wanted = new ArrayList<>();

    private final Setup setup;
    private final Set<Message> said = new HashSet<>();
    private Key id = Bench.ID;
    private @Nullable Endpoint address;
    private boolean ephemeral;

    Speaker(Setup setup) {
        this.setup = setup;
        this.address = setup.publicAddress;
    }

    void begins(Kademlia machine) {
        ephemeral = machine.ephemeral();
        boolean bound = setup.idPolicy.bindsAddress() && setup.publicAddress == null;
        holds(ephemeral || !bound, "who does not know its address is ephemeral", machine.id());
    }

    Key id() {
        return id;
    }

    /** Whether this is where it is bound, or known to be. */
    boolean at(Endpoint endpoint) {
        return endpoint.equals(Bench.HERE) || endpoint.equals(address);
    }

    void sends(Effect.Send effect) {
        Key sender = effect.message().sender();
        holds(!effect.sibling() || setup.sibling, "there is a second socket", effect);
        holds(!effect.sibling() || sender == null, "no id leaves from the sibling", effect);
        Key now = ephemeral || effect.sibling() ? null : id;
        boolean itself = now == null ? sender == null : now.equals(sender);
        holds(!said.add(effect.message()) || itself, "it is from us as we are now", effect);
    }

    void wants(Endpoint reached) {
        holds(setup.idPolicy.bindsAddress() && setup.publicAddress == null, "an id follows from an address", reached);
        holds(reached.port() != 0 && !reached.isWildcard(), "an address is whole", reached);
        holds(ephemeral || !reached.equals(address), "another address than before", reached);
        wanted.add(reached);
    }

    void published(DhtEvent event) {
        if (event instanceof DhtEvent.BecamePersistent became) {
            holds(setup.config.standing() != Standing.EPHEMERAL, "an ephemeral node stays so", became);
            holds(
                    setup.idPolicy.bindsAddress()
                            ? became.id().equals(Setup.boundId(became.address()))
                            : became.id().equals(id),
                    "its id is that of its address",
                    became);
            id = became.id();
            address = became.address();
            ephemeral = false;
        } else if (event instanceof DhtEvent.BecameEphemeral) {
            holds(setup.config.standing() == Standing.ADAPTIVE && !ephemeral, "only from persistent", event);
            address = null;
            ephemeral = true;
        } else if (event instanceof DhtEvent.StaysEphemeral) {
            holds(ephemeral, "who stays ephemeral is", event);
        }
    }

    void check(Kademlia machine) {
        holds(machine.ephemeral() == ephemeral && machine.id().equals(id), "it says who it is", machine.id());
    }
}
