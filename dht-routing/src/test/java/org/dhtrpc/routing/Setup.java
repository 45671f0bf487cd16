package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Message;
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

    @Nullable
    Endpoint publicAddress;

    final List<Contact> saved = new ArrayList<>();
    final List<Contact> verified = new ArrayList<>();

    Setup k(int k) {
        return config(k, config.concurrency(), config.standing(), config.requestRate(), config.subnetLimit());
    }

    Setup concurrency(int concurrency) {
        return config(config.k(), concurrency, config.standing(), config.requestRate(), config.subnetLimit());
    }

    Setup ephemeral() {
        return config(config.k(), config.concurrency(), Standing.EPHEMERAL, config.requestRate(), config.subnetLimit());
    }

    Setup requestRate(Rate rate) {
        return config(config.k(), config.concurrency(), config.standing(), rate, config.subnetLimit());
    }

    Setup subnetLimit(SubnetLimit limit) {
        return config(config.k(), config.concurrency(), config.standing(), config.requestRate(), limit);
    }

    private Setup config(int k, int concurrency, Standing standing, Rate rate, SubnetLimit limit) {
        config = new KademliaConfig(
                k,
                concurrency,
                config.requestTimeout(),
                config.queryDeadline(),
                standing,
                config.firewalled(),
                rate,
                limit);
        return this;
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
                errors,
                false,
                every -> true,
                null);
        size = message -> message.value() == null ? 100 : 100 + message.value().size();
        return this;
    }

    Setup size(ToIntFunction<Message> bytes) {
        size = bytes;
        return this;
    }

    Setup idPolicy(Predicate<Key> accepts) {
        idPolicy = new IdPolicy() {
            @Override
            public Key create(java.util.random.RandomGenerator random, @Nullable Endpoint own) {
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
