package org.dhtrpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dhtrpc.message.Command;
import org.jspecify.annotations.Nullable;

/**
 * What to ask: a command, a target, perhaps a value, and the options of this one operation.
 *
 * <p>Immutable: each method that sets something returns another query. For example
 *
 * <pre>{@code
 * Query store = Query.of("store", Key.hashOf(value)).value(value).deadline(Duration.ofSeconds(10));
 * }</pre>
 */
public final class Query {
    private static final Duration PUNCH_PATIENCE = Duration.ofSeconds(1);

    private final Command command;
    private final Key target;
    private final @Nullable Bytes value;
    private final @Nullable List<Endpoint> nodes;
    private final List<String> hosts;
    private final boolean verbose;
    private final boolean holepunching;
    private final Duration punchPatience;
    private final boolean discoveryValue;
    private final int concurrency;
    private final @Nullable Duration deadline;
    private final @Nullable Endpoint answeredBy;

    private Query(Builder builder) {
        this.command = builder.command;
        this.target = builder.target;
        this.value = builder.value;
        this.nodes = builder.nodes;
        this.hosts = builder.hosts;
        this.verbose = builder.verbose;
        this.holepunching = builder.holepunching;
        this.punchPatience = builder.punchPatience;
        this.discoveryValue = builder.discoveryValue;
        this.concurrency = builder.concurrency;
        this.deadline = builder.deadline;
        this.answeredBy = builder.answeredBy;
    }

    /**
     * A query for a command of the application's.
     *
     * @param command its name, 1 to {@value Command#MAX_NAME_BYTES} bytes of UTF-8; the wire may be narrower still
     * @throws IllegalArgumentException if the name is too long or empty
     */
    public static Query of(String command, Key target) {
        return of(Command.of(command), target);
    }

    /** A query for any command, built-ins included. */
    public static Query of(Command command, Key target) {
        Builder builder = new Builder();
        builder.command = Objects.requireNonNull(command, "command");
        builder.target = Objects.requireNonNull(target, "target");
        return new Query(builder);
    }

    /** The same with a payload. In {@link Dht#closest} it goes only to the nodes that will store it. */
    public Query value(Bytes value) {
        Builder builder = new Builder(this);
        builder.value = Objects.requireNonNull(value, "value");
        return new Query(builder);
    }

    /** The same, asking only these nodes: nothing that they name is followed. Adds to nodes given before. */
    public Query nodes(Endpoint... nodes) {
        return nodes(List.of(nodes));
    }

    /** The same, asking only these nodes: nothing that they name is followed. Adds to nodes given before. */
    public Query nodes(List<Endpoint> nodes) {
        Builder builder = new Builder(this);
        List<Endpoint> all = new ArrayList<>(nodes());
        all.addAll(nodes);
        builder.nodes = List.copyOf(all);
        return new Query(builder);
    }

    /**
     * The same, asking only these nodes, written as {@code host:port}, {@code host} (port {@link Dht#DEFAULT_PORT}),
     * {@code :port} (127.0.0.1) or {@code [ipv6]:port}. Names are resolved within the deadline, before the query starts; an
     * unknown one fails it.
     */
    public Query nodes(String... hosts) {
        Builder builder = new Builder(nodes(List.<Endpoint>of()));
        List<String> all = new ArrayList<>(this.hosts);
        all.addAll(List.of(hosts));
        builder.hosts = List.copyOf(all);
        return new Query(builder);
    }

    /** The same; {@code true} makes {@link Dht#closest} emit the results of its discovery too. Default false. */
    public Query verbose(boolean verbose) {
        Builder builder = new Builder(this);
        builder.verbose = verbose;
        return new Query(builder);
    }

    /** The same; {@code false} never asks the hole puncher for this query. Default true. */
    public Query holepunching(boolean holepunching) {
        Builder builder = new Builder(this);
        builder.holepunching = holepunching;
        return new Query(builder);
    }

    /**
     * The same, awaiting each candidate that the hole puncher is asked for this long: what is punched later comes too late for
     * this query. Easy NATs open in two or three round trips, hard ones take seconds. Default 1 s.
     *
     * @throws IllegalArgumentException if it is not positive or above a minute
     */
    public Query punchPatience(Duration patience) {
        if (patience.isNegative() || patience.isZero() || patience.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "The patience with a hole punch is above 0 and at most a minute, not " + patience);
        }
        Builder builder = new Builder(this);
        builder.punchPatience = patience;
        return new Query(builder);
    }

    /**
     * The same; {@code true} makes {@link Dht#closest} carry the value in its discovery too, as the seed does, so that
     * every node on the way sees it. Default false.
     */
    public Query discoveryValue(boolean discoveryValue) {
        Builder builder = new Builder(this);
        builder.discoveryValue = discoveryValue;
        return new Query(builder);
    }

    /**
     * The same with its own limit of requests in flight.
     *
     * @throws IllegalArgumentException if it is not 1 to 64
     */
    public Query concurrency(int concurrency) {
        if (concurrency < 1 || concurrency > 64) {
            throw new IllegalArgumentException("A query has 1 to 64 requests in flight, not " + concurrency);
        }
        Builder builder = new Builder(this);
        builder.concurrency = concurrency;
        return new Query(builder);
    }

    /**
     * The same with its own deadline; when it passes, the query fails with {@link DhtException.Reason#TIMED_OUT}. Time
     * in which the subscriber demands nothing does not count.
     *
     * @throws IllegalArgumentException if it is not positive or above a day
     */
    public Query deadline(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("A deadline is above 0 and at most a day, not " + deadline);
        }
        Builder builder = new Builder(this);
        builder.deadline = deadline;
        return new Query(builder);
    }

    /**
     * The same for a {@link Dht#request} that the node asked is to pass on: the answer of this other node counts too. A reply
     * from anywhere else than where the request was sent is dropped (flaw F6 of the seed), so it has to be announced. The other
     * answers with {@link Forward#answer}; what an ordinary handler there returns goes to the node that has passed it on, and is
     * lost.
     */
    public Query answeredBy(Endpoint other) {
        Builder builder = new Builder(this);
        builder.answeredBy = Objects.requireNonNull(other, "other");
        return new Query(builder);
    }

    /** The command. */
    public Command command() {
        return command;
    }

    /** The target. */
    public Key target() {
        return target;
    }

    /** The payload, null if there is none. */
    public @Nullable Bytes value() {
        return value;
    }

    /** True if only given nodes are asked, be there none. */
    public boolean targeted() {
        return nodes != null;
    }

    /** The given nodes that are numeric; empty also when the query is not targeted. */
    public List<Endpoint> nodes() {
        return nodes == null ? List.of() : nodes;
    }

    /** The given nodes that are texts, still to be resolved. */
    public List<String> hosts() {
        return hosts;
    }

    /** Whether closest emits discovery results. */
    public boolean verbose() {
        return verbose;
    }

    /** Whether the hole puncher may be asked. */
    public boolean holepunching() {
        return holepunching;
    }

    /** How long a candidate is awaited that is being punched to. */
    public Duration punchPatience() {
        return punchPatience;
    }

    /** Whether the discovery of closest carries the value. */
    public boolean discoveryValue() {
        return discoveryValue;
    }

    /** Requests in flight, 0 for the node's own setting. */
    public int concurrency() {
        return concurrency;
    }

    /** The deadline, null for the node's own setting. */
    public @Nullable Duration deadline() {
        return deadline;
    }

    /** Who else may answer a request; null if nobody. */
    public @Nullable Endpoint answeredBy() {
        return answeredBy;
    }

    @Override
    public String toString() {
        return command + " " + target;
    }

    private static final class Builder {
        private Command command;
        private Key target;
        private @Nullable Bytes value;
        private @Nullable List<Endpoint> nodes;
        private List<String> hosts = List.of();
        private boolean verbose;
        private boolean holepunching = true;
        private Duration punchPatience = PUNCH_PATIENCE;
        private boolean discoveryValue;
        private int concurrency;
        private @Nullable Duration deadline;
        private @Nullable Endpoint answeredBy;

        @SuppressWarnings("NullAway.Init")
        Builder() {}

        Builder(Query query) {
            command = query.command;
            target = query.target;
            value = query.value;
            nodes = query.nodes;
            hosts = query.hosts;
            verbose = query.verbose;
            holepunching = query.holepunching;
            punchPatience = query.punchPatience;
            discoveryValue = query.discoveryValue;
            concurrency = query.concurrency;
            deadline = query.deadline;
            answeredBy = query.answeredBy;
        }
    }
}
