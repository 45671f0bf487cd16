package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.AddressFamily;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/** What a test may want to be different. */
final class Setup {
    KademliaConfig config = KademliaConfig.defaults();
    Wire wire = new MsgpackCodec().wire();
    ToIntFunction<Message> size = new MsgpackCodec()::size;
    IdPolicy idPolicy = IdPolicy.random();
    Predicate<Endpoint> reachable = endpoint -> true;
    Predicate<Endpoint> filter = endpoint -> true;
    boolean punching;
    private boolean firewalled = true;

    @Nullable
    Endpoint publicAddress;

    final List<Contact> saved = new ArrayList<>();
    final List<Contact> verified = new ArrayList<>();

    /** Answers {@link Effect.Identify} at once, as the driver does. */
    boolean identifies = true;

    /** Whether a fuzzed machine gets the sibling socket that it wants. */
    boolean sibling;

    Setup k(int k) {
        return config(k, config.concurrency(), config.standing(), config.requestRate(), config.subnetLimit());
    }

    Setup concurrency(int concurrency) {
        return config(config.k(), concurrency, config.standing(), config.requestRate(), config.subnetLimit());
    }

    Setup ephemeral() {
        return standing(Standing.EPHEMERAL);
    }

    Setup standing(Standing standing) {
        return config(config.k(), config.concurrency(), standing, config.requestRate(), config.subnetLimit());
    }

    Setup requestRate(Rate rate) {
        return config(config.k(), config.concurrency(), config.standing(), rate, config.subnetLimit());
    }

    Setup subnetLimit(SubnetLimit limit) {
        return config(config.k(), config.concurrency(), config.standing(), config.requestRate(), limit);
    }

    Setup firewalled(boolean firewalled) {
        this.firewalled = firewalled;
        return config(config.k(), config.concurrency(), config.standing(), config.requestRate(), config.subnetLimit());
    }

    private Setup config(int k, int concurrency, Standing standing, Rate rate, SubnetLimit limit) {
        config = new KademliaConfig(
                k, concurrency, config.requestTimeout(), config.queryDeadline(), standing, firewalled, rate, limit);
        return this;
    }

    Setup publicAddress(Endpoint address) {
        publicAddress = address;
        return this;
    }

    /** Ids follow from addresses: see {@link #boundId}. */
    Setup boundIds() {
        return idPolicy(new BoundIds());
    }

    /** The id that belongs to an address. */
    static Key boundId(Endpoint endpoint) {
        return Key.hashOf(Bytes.utf8("at " + endpoint));
    }

    private record BoundIds() implements IdPolicy {
        @Override
        public Key create(RandomGenerator random, @Nullable Endpoint own) {
            return own == null ? Key.random(random) : boundId(own);
        }

        @Override
        public boolean accept(Key id, Endpoint endpoint) {
            return id.equals(boundId(endpoint));
        }

        @Override
        public boolean bindsAddress() {
            return true;
        }
    }

    /** A wire like ours with these differences, where a message has as many bytes as it is told to. */
    Setup wire(int transactionBits, boolean errors, boolean pongCarriesAddress) {
        wire = new Wire(
                "test",
                transactionBits,
                32,
                true,
                Set.of(AddressFamily.values()),
                1_200,
                0,
                true,
                pongCarriesAddress,
                pongCarriesAddress,
                errors,
                false,
                every -> true,
                null);
        size = message -> (message instanceof Request request && request.relay() != null ? 108 : 100)
                + (message.value() == null ? 0 : message.value().size());
        return this;
    }

    /** A wire like the one so far, but for these. */
    Setup wire(boolean builtInTokens, Predicate<Command> commands) {
        wire = new Wire(
                wire.name(),
                wire.transactionBits(),
                wire.tokenBytes(),
                wire.contactIds(),
                wire.families(),
                wire.maxDatagram(),
                wire.replyFactor(),
                builtInTokens,
                wire.pongCarriesAddress(),
                wire.relays(),
                wire.errors(),
                wire.padding(),
                commands,
                wire.idPolicy());
        return this;
    }

    Setup size(ToIntFunction<Message> bytes) {
        size = bytes;
        return this;
    }

    Setup idPolicy(IdPolicy policy) {
        idPolicy = policy;
        return this;
    }

    Setup idPolicy(Predicate<Key> accepts) {
        idPolicy = new IdPolicy() {
            @Override
            public Key create(RandomGenerator random, @Nullable Endpoint own) {
                return Key.random(random);
            }

            @Override
            public boolean accept(Key id, Endpoint endpoint) {
                return accepts.test(id);
            }
        };
        return this;
    }

    Setup reachable(Predicate<Endpoint> reachable) {
        this.reachable = reachable;
        return this;
    }

    Setup filter(Predicate<Endpoint> filter) {
        this.filter = filter;
        return this;
    }

    Setup punching() {
        punching = true;
        return this;
    }

    Setup saved(Peer... contacts) {
        for (Peer contact : contacts) {
            saved.add(contact.contact());
        }
        return this;
    }

    Setup knows(Peer... contacts) {
        for (Peer contact : contacts) {
            verified.add(contact.contact());
        }
        return this;
    }

    Surroundings surroundings() {
        return new Surroundings(
                Bench.ID, Bench.HERE, publicAddress, wire, size, idPolicy, new Random(42), reachable, filter, punching);
    }

    Padding padding() {
        return new Padding(wire, size, config.k(), false);
    }

    Bench build() {
        return new Bench(this);
    }
}
