package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.it.Loopback.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.Rejection;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.MalformedMessageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Peers that answer correctly and lie about others, or that are too many or too loud; some at public addresses, whose
 * datagrams are injected, since this machine does not have them.
 */
class LyingStrangersTest {
    private static final Command SEARCH = Command.of("search");
    private static final Key LIAR = Key.hashOf(Bytes.utf8("liar"));
    private static final Key GUIDE = Key.hashOf(Bytes.utf8("guide"));
    private static final Endpoint PUBLIC = Endpoint.parse("198.51.100.7:4000");
    private static final int LIES = 20;

    private final Loopback network = new Loopback();
    private final Stranger liar = new Stranger();
    private final Stranger guide = new Stranger();
    private final MsgpackCodec codec = new MsgpackCodec();
    private final Map<Endpoint, CompletableFuture<Message>> heard = new ConcurrentHashMap<>();
    private Wiretap tap;
    private Dht node;
    private Endpoint address;

    @BeforeEach
    void start() {
        tap = new Wiretap(network.socket(), (out, peer, datagram) -> {
            if (out) {
                heardBy(peer).complete(decoded(datagram));
            }
        });
        node = network.start(tap, builder -> builder.requestTimeout(Duration.ofSeconds(1)));
        address = node.localAddress();
    }

    @AfterEach
    void close() {
        liar.close();
        guide.close();
        network.close();
    }

    @Test
    void a_victim_that_is_named_under_twenty_ids_is_asked_as_one() {
        try (Stranger victim = new Stranger()) {
            list(liar, LIAR);
            CompletableFuture<List<QueryResult>> search =
                    node.query(Query.of("search", Key.ZERO)).results();
            answer(
                    liar,
                    LIAR,
                    IntStream.range(0, LIES)
                            .mapToObj(i -> new Contact(near(i), victim.endpoint()))
                            .toList());
            await(search);

            List<Message> messages = victim.arrived();
            // One request and its repeats.
            assertThat(messages).hasSizeBetween(1, 3);
            assertThat(messages.stream().map(Message::transaction).distinct()).hasSize(1);
        }
    }

    @Test
    void a_liar_does_not_fill_a_search_with_the_silent_while_somebody_else_names_the_living() {
        List<Stranger> silent = Stream.generate(Stranger::new).limit(LIES).toList();
        try (Stranger honest = new Stranger()) {
            list(liar, LIAR);
            list(guide, GUIDE);
            node.query(Query.of("search", Key.ZERO)).results();
            answer(
                    liar,
                    LIAR,
                    IntStream.range(0, LIES)
                            .mapToObj(i -> new Contact(near(i), silent.get(i).endpoint()))
                            .toList());
            answer(guide, GUIDE, List.of(new Contact(Key.hashOf(Bytes.utf8("honest")), honest.endpoint())));
            honest.receiveRequest(SEARCH);

            assertThat(silent.stream().filter(each -> !each.arrived().isEmpty()))
                    .as("the silent ones asked before the honest one was")
                    .hasSizeLessThanOrEqualTo(3);
        } finally {
            silent.forEach(Stranger::close);
        }
    }

    @Test
    void a_public_node_that_names_private_multicast_and_broadcast_addresses_is_not_believed() {
        List<Endpoint> forbidden = Stream.of(
                        "127.0.0.1",
                        "10.0.0.1",
                        "172.16.0.1",
                        "192.168.1.1",
                        "169.254.1.1",
                        "224.0.0.1",
                        "239.255.255.250",
                        "255.255.255.255")
                .map(host -> Endpoint.parse(host + ":9"))
                .toList();
        Contact sound = new Contact(near(100), Endpoint.parse("203.0.113.9:4000"));
        listInjected(PUBLIC, LIAR);
        heard.clear();
        CompletableFuture<List<QueryResult>> search =
                node.query(Query.of("search", Key.ZERO)).results();
        Request asked = (Request) await(heardBy(PUBLIC));
        List<Contact> named = Stream.concat(
                        IntStream.range(0, forbidden.size()).mapToObj(i -> new Contact(near(i), forbidden.get(i))),
                        Stream.of(sound))
                .toList();
        inject(PUBLIC, new Reply(asked.transaction(), LIAR, address, named, null, ErrorCode.NONE, null));
        await(heardBy(sound.endpoint()));
        await(search);

        assertThat(heard).doesNotContainKeys(forbidden.toArray(Endpoint[]::new));
    }

    @Test
    void who_has_many_addresses_of_one_subnet_does_not_get_most_of_the_table() {
        for (int i = 0; i < 60; i++) {
            listInjected(Endpoint.parse("198.51.100." + (i + 1) + ":4000"), Key.hashOf(Bytes.utf8("sybil " + i)));
        }
        for (int i = 0; i < 20; i++) {
            listInjected(Endpoint.parse(i + 20 + ".1.1.1:4000"), Key.hashOf(Bytes.utf8("other " + i)));
        }

        assertThat(await(node.contacts()))
                .hasSizeGreaterThan(10)
                .filteredOn(known -> known.contact().endpoint().toString().startsWith("198.51.100."))
                .hasSizeLessThanOrEqualTo(20);
    }

    @Test
    void a_flood_from_one_public_address_is_cut_off_and_others_are_answered() {
        int flood = 20_000;
        byte[] ping = liar.encoded(new Request(1, null, address, Command.PING, null, null, null));
        tap.onLoop(() -> {
            for (int i = 0; i < flood; i++) {
                tap.inject(PUBLIC, ping);
            }
        });
        assertThat(await(node.stats()).repliesSent()).isPositive().isLessThan(flood / 2);
        assertThat(await(node.stats()).rejected()).containsKey(Rejection.TOO_MANY_REQUESTS);

        Endpoint other = Endpoint.parse("203.0.113.9:4000");
        tap.onLoop(() -> tap.inject(other, ping));
        assertThat(await(heardBy(other)).transaction()).isEqualTo(1);
    }

    /** An id that is nearer to the zero key than any of those that are hashes. */
    private static Key near(int i) {
        byte[] id = new byte[Key.BYTES];
        id[Key.BYTES - 1] = (byte) (i + 1);
        return Key.of(id);
    }

    /** Somebody proves its address, and so gets into the table. */
    private void list(Stranger stranger, Key id) {
        Reply first = stranger.ask(address, stranger.findNode(address, null, null));
        stranger.ask(address, stranger.findNode(address, id, first.token()));
    }

    /** The same from an address that this machine does not have. */
    private void listInjected(Endpoint from, Key id) {
        inject(from, liar.findNode(address, null, null));
        Bytes token = Objects.requireNonNull(await(heardBy(from)).token());
        inject(from, liar.findNode(address, id, token));
    }

    /** Answers the search, and names these. */
    private void answer(Stranger stranger, Key id, List<Contact> named) {
        Request asked = stranger.receiveRequest(SEARCH);
        stranger.send(address, new Reply(asked.transaction(), id, address, named, null, ErrorCode.NONE, null));
    }

    private void inject(Endpoint from, Message message) {
        tap.onLoop(() -> tap.inject(from, liar.encoded(message)));
    }

    /** The first message that the node sends there. */
    private CompletableFuture<Message> heardBy(Endpoint peer) {
        return heard.computeIfAbsent(peer, unheard -> new CompletableFuture<>());
    }

    private Message decoded(byte[] datagram) {
        try {
            return codec.decode(ByteBuffer.wrap(datagram));
        } catch (MalformedMessageException e) {
            throw new AssertionError("A node sent what is no message", e);
        }
    }
}
