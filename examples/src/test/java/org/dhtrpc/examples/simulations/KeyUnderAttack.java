package org.dhtrpc.examples.simulations;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.testkit.Foothold;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.adversary.Sybils;

/** A network in which sybils gather around one key, and what becomes of the values there. */
final class KeyUnderAttack implements AutoCloseable {
    private static final int READS = 20;
    private static final Duration SETTLED = Duration.ofMinutes(3);

    /** More bits than any two nodes share by chance. */
    private static final int NEARER_THAN_ALL = 64;

    private final SimulatedNetwork network;
    private final Setting setting;
    private final List<Dht> nodes = new ArrayList<>();
    private final List<Map<Key, Bytes>> stores = new ArrayList<>();
    private final Random random;
    private final Key key;

    /**
     * What is attacked, and from where.
     *
     * @param ids which ids are believed
     * @param oneAddress whether all sybils are at ports of one address, or each in a /24 of its own
     * @param limits changes the limits of each node
     */
    record Setting(IdPolicy ids, boolean oneAddress, UnaryOperator<NodeBuilder> limits) {}

    /**
     * What the sybils have achieved.
     *
     * @param old of 100 reads of a value that was there before them, how many found nothing
     * @param fresh the same of a value that was stored while they were there
     * @param replicas on how many honest nodes that is; without sybils on 20
     */
    record Damage(double old, double fresh, double replicas) {}

    /** As many nodes as this, that have long known each other. */
    KeyUnderAttack(long seed, int size, Setting setting) {
        this.setting = setting;
        network = SimulatedNetwork.seeded(seed).publicAddresses().byReference().build();
        random = new Random(seed);
        key = Key.random(random);
        List<Contact> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Endpoint endpoint = network.host().endpoint();
            all.add(new Contact(setting.ids.create(random, endpoint), endpoint));
        }
        for (SimulatedHost host : network.hosts()) {
            nodes.add(network.start(host, on -> node(on, all)));
        }
    }

    private Dht node(SimulatedHost host, List<Contact> all) {
        // A table takes whom it meets first, and each has met them in another order.
        List<Contact> known = new ArrayList<>(all);
        Collections.shuffle(known, random);
        Dht node = setting.limits
                .apply(SimulatedNodes.on(host))
                .idPolicy(setting.ids)
                .id(all.get(host.number() - 1).id())
                .verifiedContacts(known)
                .build();
        stores.add(SimulatedNodes.storing(node));
        return node;
    }

    /** Stores a value, lets the sybils come and settle, stores another next to it, and has both read. */
    Damage by(int sybils) {
        Key twin = key.randomInBucket(Key.BITS - 1, random);
        Bytes old = Bytes.utf8("old");
        Bytes fresh = Bytes.utf8("fresh");
        put(key, old);
        summon(sybils);
        network.run(SETTLED);
        put(twin, fresh);
        long replicas = stores.stream().filter(store -> store.containsKey(twin)).count();
        return new Damage(lost(key, old), lost(twin, fresh), replicas);
    }

    private void summon(int count) {
        Sybils sybils = new Sybils(key, this::id, List.of(nodes.get(0).localAddress()));
        Nat router = setting.oneAddress
                ? network.nat(NatType.FULL_CONE.lan("172.16.0.0/16").hairpin(true))
                : null;
        for (int i = 0; i < count; i++) {
            SimulatedHost host = router == null ? network.host() : network.host(router);
            host.capture(sybils, new MsgpackCodec());
        }
    }

    /** The best id that a sybil can have. */
    private Key id(Foothold sybil) {
        if (setting.ids == IdPolicy.random()) {
            return Sybils.sharing(NEARER_THAN_ALL, key).apply(sybil);
        }
        Nat router = sybil.host().nat();
        Endpoint seen = router == null ? sybil.host().endpoint() : router.address();
        return AddressIds.nearest(key, seen, sybil.random());
    }

    private void put(Key where, Bytes value) {
        network.await(any().closest(Query.of("put", where).value(value)).results());
    }

    private double lost(Key where, Bytes value) {
        int lost = 0;
        for (int i = 0; i < READS; i++) {
            lost += SimulatedNodes.finds(network, any(), where, value) ? 0 : 1;
        }
        return 100.0 * lost / READS;
    }

    private Dht any() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    @Override
    public void close() {
        network.close();
    }
}
