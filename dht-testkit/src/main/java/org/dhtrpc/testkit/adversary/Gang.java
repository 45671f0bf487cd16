package org.dhtrpc.testkit.adversary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.testkit.Foothold;
import org.jspecify.annotations.Nullable;

/** Puppets of one hand, that name each other and nobody else. */
final class Gang {
    /** As many as a node names. */
    private static final int NAMED = 20;

    private final List<Puppet> puppets = new ArrayList<>();

    /** Asked by key only, never iterated. */
    private final Map<Foothold, Puppet> byHost = new HashMap<>();

    private final Set<Key> ids = new HashSet<>();

    Puppet join(Foothold host, Key id) {
        Puppet puppet = new Puppet(host, id);
        puppets.add(puppet);
        byHost.put(host, puppet);
        ids.add(id);
        return puppet;
    }

    /** The puppet on a host; null if that has none. */
    @Nullable
    Puppet on(Foothold host) {
        return byHost.get(host);
    }

    boolean has(Contact contact) {
        return ids.contains(contact.id());
    }

    int size() {
        return puppets.size();
    }

    /** The accomplices nearest to a target that it still has, as many as a reply names. */
    List<Contact> nearest(Key target) {
        return puppets.stream()
                .filter(puppet -> puppet.host.held())
                .map(Puppet::contact)
                .sorted((one, other) -> target.compareDistance(one.id(), other.id()))
                .limit(NAMED)
                .toList();
    }

    List<Key> ids() {
        return puppets.stream().map(puppet -> puppet.id).toList();
    }
}
