package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.it.Loopback.await;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Pong;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stranger can send, over real UDP. After each attack the node answers as before. */
class HostileDatagramsTest {
    private static final Key MALLORY = Key.hashOf(Bytes.utf8("mallory"));
    private static final Bytes VALUE = Bytes.utf8("value");

    private final Loopback network = new Loopback();
    private final Stranger stranger = new Stranger();
    private final Stranger accomplice = new Stranger();
    private Dht node;
    private Endpoint address;

    @BeforeEach
    void start() {
        node = network.start();
        address = node.localAddress();
    }

    @AfterEach
    void close() {
        Pong pong = await(network.start().ping(address));
        stranger.close();
        accomplice.close();
        network.close();
        assertThat(pong.id()).as("the node answers as before").isEqualTo(node.id());
    }

    @Test
    void an_empty_datagram_one_byte_and_64_kibibytes_are_dropped() {
        stranger.send(address, new byte[0]);
        for (int b = 0; b < 256; b++) {
            stranger.send(address, new byte[] {(byte) b});
        }
        stranger.send(address, new byte[65_507]);

        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(rejected(Rejection.MALFORMED)).isEqualTo(1 + 256 + 1);
    }

    @Test
    void ten_thousand_datagrams_of_random_bytes_are_dropped() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(1_500)];
            random.nextBytes(bytes);
            stranger.send(address, bytes);
            if (i % 50 == 0) {
                assertThat(stranger.untilPong(address)).isEmpty();
            }
        }
        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(rejected(Rejection.MALFORMED)).isEqualTo(10_000);
    }

    @Test
    void messages_with_flipped_bits_missing_ends_and_further_bytes_do_no_harm() {
        Random random = new Random(2);
        node.onQuery("echo", query -> query.value());
        node.onClosest("echo", query -> query.value());
        Bytes token =
                stranger.ask(address, stranger.findNode(address, null, null)).token();
        List<byte[]> sound = List.of(
                stranger.encoded(stranger.findNode(address, MALLORY, token)),
                stranger.encoded(stranger.request(address, "echo", true, token, VALUE)),
                stranger.encoded(new Reply(
                        7,
                        MALLORY,
                        address,
                        List.of(new Contact(Key.ZERO, address), new Contact(MALLORY, stranger.endpoint())),
                        token,
                        0,
                        VALUE)));
        for (int i = 0; i < 5_000; i++) {
            byte[] message = sound.get(i % sound.size());
            byte[] mutant = Arrays.copyOf(message, i % 7 == 0 ? random.nextInt(message.length + 10) : message.length);
            for (int flips = random.nextInt(4); flips >= 0 && mutant.length > 0; flips--) {
                mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
            }
            stranger.send(address, mutant);
            if (i % 50 == 0) {
                stranger.untilPong(address);
            }
        }
        stranger.untilPong(address);
        assertThat(rejected(Rejection.MALFORMED)).isPositive();
    }

    @Test
    void replies_that_nobody_asked_for_are_dropped_and_teach_nothing() {
        for (int i = 0; i < 100; i++) {
            stranger.send(
                    address,
                    new Reply(
                            i,
                            MALLORY,
                            address,
                            List.of(new Contact(MALLORY, stranger.endpoint())),
                            Bytes.of(new byte[8]),
                            0,
                            VALUE));
        }
        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(100);
        assertThat(await(node.contacts())).isEmpty();
    }

    @Test
    void a_reply_with_the_right_transaction_from_another_port_does_not_count() {
        CompletableFuture<QueryResult> asked = node.request(stranger.endpoint(), Query.of("secret", Key.ZERO));
        Request seen = stranger.receiveRequest(Command.of("secret"));

        accomplice.send(address, Stranger.reply(seen, MALLORY, address, Bytes.utf8("forged")));
        accomplice.untilPong(address);
        assertThat(asked).isNotDone();
        assertThat(rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(1);

        stranger.send(address, Stranger.reply(seen, null, address, Bytes.utf8("true")));
        assertThat(await(asked).value()).isEqualTo(Bytes.utf8("true"));
        assertThat(await(asked).from()).isEqualTo(stranger.endpoint());
        assertThat(await(node.contacts())).isEmpty();
    }

    @Test
    void a_reply_with_the_next_transaction_from_the_right_port_does_not_count() {
        CompletableFuture<QueryResult> asked = node.request(stranger.endpoint(), Query.of("secret", Key.ZERO));
        Request seen = stranger.receiveRequest(Command.of("secret"));

        for (long offset = -100; offset <= 100; offset++) {
            if (offset != 0) {
                Request guessed =
                        new Request(seen.transaction() + offset, null, address, seen.command(), null, null, null);
                stranger.send(address, Stranger.reply(guessed, MALLORY, address, Bytes.utf8("forged")));
            }
        }
        stranger.untilPong(address);
        assertThat(asked).isNotDone();
        assertThat(rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(200);

        stranger.send(address, Stranger.reply(seen, null, address, VALUE));
        assertThat(await(asked).value()).isEqualTo(VALUE);
    }

    @Test
    void transaction_ids_do_not_count_up() {
        List<Long> transactions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            node.request(stranger.endpoint(), Query.of("secret " + i, Key.ZERO));
            transactions.add(stranger.receiveRequest(Command.of("secret " + i)).transaction());
        }
        for (int i = 1; i < transactions.size(); i++) {
            assertThat(Math.abs(transactions.get(i) - transactions.get(i - 1))).isGreaterThan(1L << 32);
        }
    }

    @Test
    void a_sender_id_without_a_token_is_not_believed_before_the_sender_has_answered_a_ping() {
        CompletableFuture<Contact> added = new CompletableFuture<>();
        node.onEvent(event -> {
            if (event instanceof DhtEvent.ContactAdded contact) {
                added.complete(contact.contact());
            }
        });
        stranger.send(address, stranger.findNode(address, MALLORY, null));
        Request pingBack = stranger.receiveRequest(Command.PING);

        assertThat(await(node.contacts())).isEmpty();
        // Nor is anybody told of it, and a pong from elsewhere does not help.
        accomplice.send(address, Stranger.reply(pingBack, MALLORY, address, null));
        assertThat(accomplice
                        .ask(address, accomplice.findNode(address, null, null))
                        .contacts())
                .isEmpty();
        assertThat(await(node.contacts())).isEmpty();

        stranger.send(address, Stranger.reply(pingBack, MALLORY, address, null));
        assertThat(await(added)).isEqualTo(new Contact(MALLORY, stranger.endpoint()));
    }

    @Test
    void a_sender_id_with_a_token_is_listed_at_once() {
        Reply first = stranger.ask(address, stranger.findNode(address, null, null));
        stranger.ask(address, stranger.findNode(address, MALLORY, first.token()));

        assertThat(accomplice
                        .ask(address, accomplice.findNode(address, null, null))
                        .contacts())
                .containsExactly(new Contact(MALLORY, stranger.endpoint()));
    }

    @Test
    void who_claims_the_id_of_a_live_contact_does_not_take_its_place() {
        Reply first = stranger.ask(address, stranger.findNode(address, null, null));
        stranger.ask(address, stranger.findNode(address, MALLORY, first.token()));
        Reply other = accomplice.ask(address, accomplice.findNode(address, null, null));
        accomplice.ask(address, accomplice.findNode(address, MALLORY, other.token()));

        assertThat(await(node.contacts()))
                .singleElement()
                .satisfies(known -> assertThat(known.contact().endpoint()).isEqualTo(stranger.endpoint()));
    }

    @Test
    void who_claims_our_own_id_is_ignored() {
        stranger.send(address, stranger.findNode(address, node.id(), null));
        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(rejected(Rejection.FROM_OURSELVES)).isEqualTo(1);
    }

    @Test
    void the_token_of_another_port_is_refused_with_a_fresh_one_that_is_accepted() {
        AtomicInteger commits = new AtomicInteger();
        node.onClosest("store", query -> {
            commits.incrementAndGet();
            return null;
        });
        Bytes stolen =
                stranger.ask(address, stranger.findNode(address, null, null)).token();

        Reply refusal = accomplice.ask(address, accomplice.request(address, "store", true, stolen, VALUE));
        assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_TOKEN);
        assertThat(refusal.token()).isNotNull().isNotEqualTo(stolen);
        assertThat(commits).hasValue(0);

        Reply without = accomplice.ask(address, accomplice.request(address, "store", true, null, VALUE));
        assertThat(without.error()).isEqualTo(ErrorCode.INVALID_TOKEN);
        assertThat(commits).hasValue(0);

        Reply accepted = accomplice.ask(address, accomplice.request(address, "store", true, refusal.token(), VALUE));
        assertThat(accepted.error()).isEqualTo(ErrorCode.NONE);
        assertThat(commits).hasValue(1);
    }

    @Test
    void a_caller_whose_token_is_refused_repeats_once_with_the_fresh_one() {
        CompletableFuture<List<QueryResult>> stored = node.closest(
                        Query.of("store", Key.ZERO).value(VALUE).nodes(stranger.endpoint()))
                .results();
        Command store = Command.of("store");
        Request discovery = stranger.receiveRequest(store);
        assertThat(discovery.commit()).isFalse();
        assertThat(discovery.value()).isNull();
        Bytes old = Bytes.parse("0000000000000001");
        Bytes fresh = Bytes.parse("0000000000000002");
        stranger.send(
                address, new Reply(discovery.transaction(), MALLORY, address, List.of(), old, ErrorCode.NONE, null));

        Request commit = receiveCommit(store, old);
        stranger.send(
                address,
                new Reply(commit.transaction(), MALLORY, address, List.of(), fresh, ErrorCode.INVALID_TOKEN, null));
        Request again = receiveCommit(store, fresh);
        assertThat(again.value()).isEqualTo(VALUE);
        stranger.send(address, new Reply(again.transaction(), MALLORY, address, List.of(), null, ErrorCode.NONE, null));

        assertThat(await(stored)).hasSize(1);
    }

    private Request receiveCommit(Command command, Bytes token) {
        while (true) {
            Request request = stranger.receiveRequest(command);
            if (request.commit() && token.equals(request.token())) {
                return request;
            }
        }
    }

    @Test
    void a_repeated_request_runs_the_handler_once_and_gets_the_same_reply() {
        AtomicInteger calls = new AtomicInteger();
        node.onQuery("count", query -> Bytes.of((byte) calls.incrementAndGet()));
        Request request = stranger.request(address, "count", false, null, VALUE);

        Reply first = stranger.ask(address, request);
        Reply second = stranger.ask(address, request);
        // The same transaction from elsewhere is another request.
        Reply other = accomplice.ask(address, request);

        assertThat(second).isEqualTo(first);
        assertThat(first.value()).isEqualTo(Bytes.of((byte) 1));
        assertThat(other.value()).isEqualTo(Bytes.of((byte) 2));
        assertThat(calls).hasValue(2);
        assertThat(await(node.stats()).repeatsReceived()).isEqualTo(1);
    }

    @Test
    void a_repeat_is_absorbed_while_the_handler_works() {
        AtomicInteger calls = new AtomicInteger();
        CompletableFuture<Bytes> answer = new CompletableFuture<>();
        node.onQueryAsync("slow", query -> {
            calls.incrementAndGet();
            return answer;
        });
        Request request = stranger.request(address, "slow", false, null, VALUE);
        stranger.send(address, request);
        stranger.send(address, request);
        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(await(node.stats()).pendingCalls()).isEqualTo(1);

        answer.complete(VALUE);
        assertThat(stranger.receiveReply(request).value()).isEqualTo(VALUE);
        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(calls).hasValue(1);
    }

    @Test
    void nothing_is_relayed_to_an_address_that_a_stranger_names() {
        for (Relay.Kind kind : Relay.Kind.values()) {
            stranger.send(
                    address,
                    new Request(
                            stranger.transaction(),
                            MALLORY,
                            address,
                            Command.PING,
                            null,
                            false,
                            null,
                            null,
                            new Relay(kind, accomplice.endpoint()),
                            0));
        }
        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(accomplice.untilPong(address)).isEmpty();
        assertThat(rejected(Rejection.RELAY_REFUSED)).isEqualTo(2);
        assertThat(await(node.contacts())).isEmpty();
    }

    @Test
    void built_ins_that_the_node_does_not_know_are_answered_as_unknown() {
        for (int number : List.of(5, 99, Integer.MAX_VALUE)) {
            Reply reply = stranger.ask(
                    address,
                    new Request(stranger.transaction(), null, address, Command.builtIn(number), Key.ZERO, null, VALUE));
            assertThat(reply.error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
            assertThat(reply.token()).isNotNull();
            assertThat(reply.contacts()).isEmpty();
        }
        Request aimless = new Request(stranger.transaction(), null, address, Command.FIND_NODE, null, null, null);
        assertThat(stranger.ask(address, aimless).error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    }

    @Test
    void a_named_contact_that_does_not_answer_is_never_named_to_others() {
        Contact nobody = new Contact(MALLORY, accomplice.endpoint());
        CompletableFuture<?> search = node.query(Query.of("search", Key.ZERO).nodes(stranger.endpoint()))
                .results();
        Request asked = stranger.receiveRequest(Command.of("search"));
        stranger.send(
                address,
                new Reply(asked.transaction(), Key.ZERO, address, List.of(nobody), null, ErrorCode.NONE, null));
        await(search);

        List<Message> before = accomplice.untilPong(address);
        assertThat(before).isEmpty();
        assertThat(accomplice
                        .ask(address, accomplice.findNode(address, null, null))
                        .contacts())
                .containsExactly(new Contact(Key.ZERO, stranger.endpoint()));
    }

    private long rejected(Rejection reason) {
        DhtStats stats = await(node.stats());
        return stats.rejected().getOrDefault(reason, 0L);
    }
}
