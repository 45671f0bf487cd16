package org.dhtrpc.holepunch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** How a {@link PunchingTransport} works. Immutable; each method returns another one. */
public final class PunchOptions {
    /** When a datagram may go through the referrer. */
    public enum Relaying {
        /** Never. */
        NEVER,
        /** Where there is no other way. */
        ALLOWED
    }

    private static final PunchOptions DEFAULTS = new PunchOptions(new Settings());

    private static final class Settings {
        private Duration timeout = Duration.ofSeconds(15);
        private Relaying relaying = Relaying.ALLOWED;
        private int relayedBytes = 1 << 20;
        private int sockets = 256;
        private boolean privateAddresses;
        private boolean portMapping = true;
        private List<Endpoint> helpers = List.of();
        private Predicate<? super Invitation> invitations = every -> true;
        private PunchBudget budget = PunchBudget.ofProcess();
        private @Nullable RandomGenerator random;

        private Settings() {}

        private Settings(PunchOptions options) {
            timeout = options.settings.timeout;
            relaying = options.settings.relaying;
            relayedBytes = options.settings.relayedBytes;
            sockets = options.settings.sockets;
            privateAddresses = options.settings.privateAddresses;
            portMapping = options.settings.portMapping;
            helpers = options.settings.helpers;
            invitations = options.settings.invitations;
            budget = options.settings.budget;
            random = options.settings.random;
        }
    }

    private final Settings settings;

    private PunchOptions(Settings settings) {
        this.settings = settings;
    }

    /** What suits a node on the internet. */
    public static PunchOptions defaults() {
        return DEFAULTS;
    }

    /**
     * What suits a node of a simulation: its own budget and its own randomness, so that a run is the same each time; no router is
     * asked for ports, and private addresses are addresses.
     */
    public static PunchOptions simulated(RandomGenerator random) {
        return DEFAULTS.random(random)
                .budget(PunchBudget.simulated(PunchBudget.RATE, PunchBudget.BURST, PunchBudget.SOCKETS))
                .portMapping(false)
                .privateAddresses(true);
    }

    /**
     * How long a punch may take, once it has its share of the budget. Default 15 s.
     *
     * @throws IllegalArgumentException if it is not above 0 and at most a minute
     */
    public PunchOptions timeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("A punch takes above 0 and at most 60 s, not " + timeout);
        }
        Settings next = new Settings(this);
        next.timeout = timeout;
        return new PunchOptions(next);
    }

    /** Whether datagrams of ours may go through a referrer where there is no other way. Default {@link Relaying#ALLOWED}. */
    public PunchOptions relaying(Relaying relaying) {
        Settings next = new Settings(this);
        next.relaying = Objects.requireNonNull(relaying, "relaying");
        return new PunchOptions(next);
    }

    /**
     * How many bytes this node, as a referrer, passes on for one punch of others; 0 for none. Default 1 MiB.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PunchOptions relayedBytes(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("A referrer passes on 0 bytes or more, not " + bytes);
        }
        Settings next = new Settings(this);
        next.relayedBytes = bytes;
        return new PunchOptions(next);
    }

    /**
     * How many further sockets one punch may open before a NAT with random ports; 0 does without. Default 256.
     *
     * @throws IllegalArgumentException if it is not 0 to 1,024
     */
    public PunchOptions sockets(int sockets) {
        if (sockets < 0 || sockets > 1_024) {
            throw new IllegalArgumentException("A punch opens 0 to 1024 sockets, not " + sockets);
        }
        Settings next = new Settings(this);
        next.sockets = sockets;
        return new PunchOptions(next);
    }

    /**
     * Whether private and reserved addresses (RFC 1918, RFC 6598, loopback …) may be sent to, and are told to peers behind the same
     * NAT; for laboratories, and for peers in one network whose router has no hairpin. Default false.
     */
    public PunchOptions privateAddresses(boolean allowed) {
        Settings next = new Settings(this);
        next.privateAddresses = allowed;
        return new PunchOptions(next);
    }

    /** Whether the router is asked for a port, by NAT-PMP (RFC 6886) and PCP (RFC 6887). Default true. */
    public PunchOptions portMapping(boolean wanted) {
        Settings next = new Settings(this);
        next.portMapping = wanted;
        return new PunchOptions(next);
    }

    /**
     * Nodes, or STUN servers, that tell us how they see us, beside those that the node has to do with anyway. Two on different hosts,
     * neither of them ours nor behind our NAT, are needed to tell what is before us.
     *
     * @throws IllegalArgumentException if there are more than 16
     */
    public PunchOptions helpers(List<Endpoint> helpers) {
        Objects.requireNonNull(helpers, "helpers");
        if (helpers.size() > 16) {
            throw new IllegalArgumentException("There are at most 16 helpers, not " + helpers.size());
        }
        Settings next = new Settings(this);
        next.helpers = List.copyOf(helpers);
        return new PunchOptions(next);
    }

    /** Who may reach this node; called on the loop. What it throws is a refusal, and is logged once. Default everybody. */
    public PunchOptions invitations(Predicate<? super Invitation> accepted) {
        Settings next = new Settings(this);
        next.invitations = Objects.requireNonNull(accepted, "accepted");
        return new PunchOptions(next);
    }

    /** The budget of packets and sockets. Default {@link PunchBudget#ofProcess}. */
    public PunchOptions budget(PunchBudget budget) {
        Settings next = new Settings(this);
        next.budget = Objects.requireNonNull(budget, "budget");
        return new PunchOptions(next);
    }

    /** The source of randomness. Default a {@link java.security.SecureRandom}; keys are made with it. */
    public PunchOptions random(RandomGenerator random) {
        Settings next = new Settings(this);
        next.random = Objects.requireNonNull(random, "random");
        return new PunchOptions(next);
    }

    @Override
    public String toString() {
        return "PunchOptions[timeout " + settings.timeout + ", relaying " + settings.relaying + ", relayedBytes "
                + settings.relayedBytes + ", sockets " + settings.sockets + ", privateAddresses "
                + settings.privateAddresses + ", portMapping " + settings.portMapping + ", helpers " + settings.helpers
                + "]";
    }

    Duration timeout() {
        return settings.timeout;
    }

    boolean relays() {
        return settings.relaying == Relaying.ALLOWED;
    }

    int relayedBytes() {
        return settings.relayedBytes;
    }

    int sockets() {
        return settings.sockets;
    }

    boolean privateAddresses() {
        return settings.privateAddresses;
    }

    boolean portMapping() {
        return settings.portMapping;
    }

    List<Endpoint> helpers() {
        return new ArrayList<>(settings.helpers);
    }

    Predicate<? super Invitation> invitations() {
        return settings.invitations;
    }

    PunchBudget budget() {
        return settings.budget;
    }

    @Nullable
    RandomGenerator random() {
        return settings.random;
    }
}
