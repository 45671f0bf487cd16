package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.jspecify.annotations.Nullable;

/**
 * Before a NAT with random ports one end opens many sockets, each of which is seen at a port of its own; the other end, which keeps
 * its own port, probes ports at random until it meets one of them. With 256 sockets every 252nd probe does, on average.
 */
final class Birthday implements Attempt {
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 65_536 - FIRST_PORT;
    private static final long GAP = 1_000_000L;

    /** Sockets are opened in time with these; each is sent from again after so many, so that it stays open. */
    private static final long TURN = 500_000_000L;

    private static final int TURNS_TO_REFRESH = 20;

    /** So many guesses meet one of 256 sockets with a probability of 99.97 %. */
    private static final int FAIR = 2_048;

    /** What a whole minute allows; who has begun may search for so long. */
    static final int PATIENT = 12_288;

    /** Whoever was invited cannot know whom the guesses reach; they fail for one in 400. */
    static final int INVITED = 1_536;

    private final Endpoint other;
    private final int most;
    private final Prober prober;
    private final Workbench bench;
    private final @Nullable Sockets sockets;
    private final Map<Integer, Pace> ready = new LinkedHashMap<>();
    private final Pace guessing;
    private Timers.@Nullable Timer turn;
    private boolean ended;
    private int opened;
    private int guesses;

    private Birthday(Endpoint other, int most, Prober prober, Workbench bench, @Nullable Sockets sockets) {
        this.most = most;
        this.other = other;
        this.prober = prober;
        this.bench = bench;
        this.sockets = sockets;
        this.guessing = new Pace(bench);
    }

    /** The end whose port nobody knows. */
    static Birthday manySockets(Endpoint other, Prober prober, Workbench bench, Sockets sockets) {
        return new Birthday(other, 0, prober, bench, sockets);
    }

    /**
     * The end that guesses.
     *
     * @param most how often, at most
     */
    static Birthday manyPorts(Endpoint other, int most, Prober prober, Workbench bench) {
        return new Birthday(other, most, prober, bench, null);
    }

    @Override
    public void begin(long now) {
        if (ended) {
            return;
        }
        if (sockets != null) {
            turn(now, sockets, 1);
        } else {
            int stride = stride();
            guess(now, bench.random().nextInt(PORTS), stride);
        }
    }

    private void turn(long now, Sockets open, int count) {
        // Others may have had the budget, and given it back; but what cannot be opened is not tried for ever.
        int most = bench.options().sockets();
        int missing = Math.min(most - open.size(), 2 * most - opened);
        if (missing > 0) {
            opened += open.open(missing, this::show);
        }
        if (count % TURNS_TO_REFRESH == 0) {
            ready.keySet().forEach(socket -> show(now, socket));
        }
        turn = bench.timers().at(now + TURN, later -> turn(later, open, count + 1));
    }

    private void show(long now, int socket) {
        if (!ended) {
            Pace pace = ready.computeIfAbsent(socket, one -> new Pace(bench));
            pace.at(now, later -> prober.probe(socket, other, Path.BIRTHDAY));
        }
    }

    /** Each port once, in an order that nobody can know: a step that shares no factor with the number of ports. */
    private int stride() {
        int stride;
        do {
            stride = 1 + 2 * bench.random().nextInt(PORTS / 2);
        } while (stride % 3 == 0 || stride % 7 == 0);
        return stride;
    }

    private void guess(long now, int at, int stride) {
        if (++guesses > most) {
            return;
        }
        guessing.at(now + GAP, later -> {
            prober.probe(Outbox.MAIN, Endpoint.of(other.address(), FIRST_PORT + at), Path.BIRTHDAY);
            guess(later, (int) (((long) at + stride) % PORTS), stride);
        });
    }

    /** Whether there is still a fair chance that was not had yet: others may have had the budget. */
    boolean promising() {
        return sockets == null && !ended && guesses < Math.min(FAIR, most);
    }

    @Override
    public void end() {
        ended = true;
        guessing.end();
        ready.values().forEach(Pace::end);
        if (turn != null) {
            turn.cancel();
        }
    }
}
