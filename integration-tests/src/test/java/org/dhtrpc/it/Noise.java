package org.dhtrpc.it;

import static org.dhtrpc.it.Loopback.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.Rejection;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.MalformedMessageException;

/**
 * Random bytes, what the network itself has said a while ago, and changed forms of that, from several sockets at a node
 * that serves queries meanwhile.
 */
final class Noise implements AutoCloseable {
    private static final int NODES = 12;
    private static final int SOURCES = 4;

    /** Datagrams on their way at once: few enough that no socket buffer overflows. */
    private static final int WINDOW = 16;

    private static final int SAMPLES_PER_KIND = 16;

    private final Loopback network = new Loopback();
    private final Witness witness;
    private final List<Stranger> sources =
            Stream.generate(Stranger::new).limit(SOURCES).toList();
    private final Map<String, List<byte[]>> captured = new ConcurrentSkipListMap<>();
    private final MsgpackCodec codec = new MsgpackCodec();
    private final List<Bytes> values = new ArrayList<>();
    private final Dht victim;
    private final Dht client;
    private final Random random;

    /** Starts a network whose first node will be attacked, and listens to what it says. */
    Noise(long seed) {
        random = new Random(seed);
        Endpoint bootstrap = network.bootstrap().localAddress();
        KeyValueNode first = new KeyValueNode(
                network.start(new Wiretap(network.socket(), this::capture), builder -> builder.bootstrap(bootstrap)));
        victim = first.dht;
        await(victim.ready());
        network.store(NODES - 1, bootstrap);
        client = network.client(bootstrap);
        talk();
        witness = new Witness();
        witness.watch(victim);
    }

    /** Every kind of message that there is passes the victim's socket. */
    private void talk() {
        for (int i = 0; i < 10; i++) {
            Bytes value = Bytes.utf8("value " + i + " ".repeat(40 * i));
            values.add(value);
            await(client.closest(KeyValueNode.store(value)).results());
            await(victim.closest(KeyValueNode.store(value)).results());
            await(client.query(KeyValueNode.lookup(value)).results());
            await(victim.query(KeyValueNode.lookup(value)).results());
            await(client.query(Query.of("unknown", Key.hashOf(value))).results());
            await(client.ping(victim.localAddress()));
            await(victim.findNode(Key.hashOf(value)).results());
        }
    }

    private void capture(boolean out, Endpoint peer, byte[] datagram) {
        List<byte[]> samples = captured.computeIfAbsent(kind(datagram), kind -> new CopyOnWriteArrayList<>());
        if (samples.size() < SAMPLES_PER_KIND) {
            samples.add(datagram);
        }
    }

    private String kind(byte[] datagram) {
        try {
            Message message = codec.decode(ByteBuffer.wrap(datagram));
            if (message instanceof Request request) {
                return "request " + request.command() + (request.commit() ? " commit" : "")
                        + (request.sender() == null ? "" : " id") + (request.token() == null ? "" : " token");
            }
            Reply reply = (Reply) message;
            return "reply " + reply.error() + (reply.contacts() == null ? "" : " contacts")
                    + (reply.sender() == null ? "" : " id") + (reply.value() == null ? "" : " value");
        } catch (MalformedMessageException e) {
            return "noise";
        }
    }

    /** Attacks with so many datagrams, or for so long. */
    Findings run(int datagrams, Duration most) {
        Findings findings = new Findings("noise");
        captured.remove("noise");
        List<byte[]> samples = captured.values().stream().flatMap(List::stream).toList();
        findings.figure("kinds of captured datagrams", captured.size());
        findings.promise("kinds of datagrams are many, but were " + captured.keySet(), captured.size() >= 10);

        DhtStats before = await(victim.stats());
        Questions questions = new Questions(client, victim, values);
        questions.start();
        long start = System.nanoTime();
        int sent = attack(samples, datagrams, start + most.toNanos());
        double seconds = (System.nanoTime() - start) / 1e9;
        questions.finish(findings);
        DhtStats after = await(victim.stats());

        findings.figure("datagrams sent", sent);
        findings.promise("all " + datagrams + " are sent within " + most, sent == datagrams);
        findings.figure("datagrams sent per second", sent / seconds);
        long read = read(after) - read(before);
        findings.figure("datagrams that the node has read", read);
        findings.promise("the node reads what is sent, but read " + read + " of " + sent, read >= sent * 0.99);
        for (Rejection reason : Rejection.values()) {
            findings.figure("rejected as " + reason, rejected(after, reason) - rejected(before, reason));
        }
        findings.figure("requests received", after.requestsReceived() - before.requestsReceived());
        contacts(findings);
        witness.testify(findings);
        return findings;
    }

    private int attack(List<byte[]> samples, int datagrams, long end) {
        Endpoint target = victim.localAddress();
        int sent = 0;
        for (int round = 0; sent < datagrams && System.nanoTime() - end < 0; round++) {
            Stranger source = sources.get(round % SOURCES);
            int window = Math.min(WINDOW, datagrams - sent);
            for (int i = 0; i < window; i++) {
                source.send(target, datagram(samples));
            }
            source.untilPong(target);
            sent += window;
        }
        return sent;
    }

    private byte[] datagram(List<byte[]> samples) {
        byte[] sample = samples.get(random.nextInt(samples.size()));
        return switch (random.nextInt(3)) {
            case 0 -> noise();
            case 1 -> sample;
            default -> mutant(sample, samples.get(random.nextInt(samples.size())));
        };
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(1_300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] mutant(byte[] sample, byte[] other) {
        byte[] mutant = sample.clone();
        switch (random.nextInt(5)) {
            case 0 -> mutant = Arrays.copyOf(mutant, random.nextInt(mutant.length + 20));
            case 1 -> {
                int cut = random.nextInt(Math.min(mutant.length, other.length));
                System.arraycopy(other, cut, mutant, cut, Math.min(mutant.length, other.length) - cut);
            }
            case 2 -> // Another transaction, and everything else sound: what is no repeat gets further.
                ByteBuffer.wrap(mutant).putLong(4, random.nextLong() >>> 1);
            case 3 -> mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            default -> {
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return mutant;
    }

    private void contacts(Findings findings) {
        Set<Endpoint> liars = sources.stream().map(Stranger::endpoint).collect(Collectors.toSet());
        long listed = await(victim.contacts()).stream()
                .filter(known -> liars.contains(known.contact().endpoint()))
                .count();
        findings.figure("attackers in the routing table", listed);
        findings.promise("no attacker is in the routing table, but " + listed + " are", listed == 0);
    }

    private static long read(DhtStats stats) {
        long dropped =
                stats.rejected().values().stream().mapToLong(Long::longValue).sum();
        // What asks to be relayed counts as received as well.
        return dropped - rejected(stats, Rejection.RELAY_REFUSED) + stats.requestsReceived() + stats.repliesReceived();
    }

    private static long rejected(DhtStats stats, Rejection reason) {
        return stats.rejected().getOrDefault(reason, 0L);
    }

    @Override
    public void close() {
        witness.close();
        sources.forEach(Stranger::close);
        network.close();
    }
}
