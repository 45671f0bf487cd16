package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.SimulatedNetwork;

/** The link between all hosts, with what faults have changed about it. */
final class LinkChanges {
    private final SimulatedNetwork network;
    private final Link usual;
    private final List<UnaryOperator<Link>> changes = new ArrayList<>();

    LinkChanges(SimulatedNetwork network, Link usual) {
        this.network = network;
        this.usual = usual;
    }

    /** Changes the link, on top of what others have changed; the result takes that back. */
    Runnable add(UnaryOperator<Link> change) {
        changes.add(change);
        apply();
        return () -> {
            changes.remove(change);
            apply();
        };
    }

    private void apply() {
        Link link = usual;
        for (UnaryOperator<Link> change : changes) {
            link = change.apply(link);
        }
        network.link(link);
    }
}
