package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.jspecify.annotations.Nullable;

/**
 * Guesses at which port a NAT with sequential ports will show the other end's next socket, from the last one that was seen. If only
 * the other end's is of that kind, a window of ports behind the sample is probed, and the other end sends from new sockets, since its
 * old one may have been shown to us before; if both are, 32 sockets on either side aim at
 * the 24th port of the other, so that the socket of each that is seen there meets the other's, whatever others have taken in between.
 */
final class Prediction implements Attempt {
    private static final int SOCKETS = 32;
    private static final int NEW_SOCKETS = 4;

    /** Divisible by the steps that are met, and so right also if others' sockets were taken for a larger step. */
    private static final int AIM = 24;

    private static final int WINDOW = 16;
    private static final int WIDER = 50;
    private static final int LAST_PORT = 65_535;

    /** In milliseconds from the beginning. */
    private static final int[] OFFSETS = {0, 80, 200, 400, 800, 1_600};

    private enum Part {
        GUESSED,
        GUESSES,
        BOTH
    }

    private final Part part;
    private final Endpoint sample;
    private final int direction;
    private final Prober prober;
    private final Workbench bench;
    private final Sockets sockets;
    private final List<Pace> paces = new ArrayList<>();
    private boolean ended;

    private Prediction(Part part, Endpoint sample, int step, Prober prober, Workbench bench, Sockets sockets) {
        this.part = part;
        this.sample = sample;
        this.direction = Integer.signum(step);
        this.prober = prober;
        this.bench = bench;
        this.sockets = sockets;
    }

    /**
     * The end that guesses, be it guessed as well.
     *
     * @param both whether both ends are before such a NAT
     * @param sample where the other end was seen last
     * @param step from one of its ports to the next
     */
    static Prediction of(boolean both, Endpoint sample, int step, Prober prober, Workbench bench, Sockets sockets) {
        return new Prediction(both ? Part.BOTH : Part.GUESSES, sample, step, prober, bench, sockets);
    }

    /** The end that is guessed by another one, which keeps to its port. */
    static Prediction guessedBy(Endpoint other, Prober prober, Workbench bench, Sockets sockets) {
        return new Prediction(Part.GUESSED, other, 0, prober, bench, sockets);
    }

    @Override
    public void begin(long now) {
        switch (part) {
            case BOTH -> sockets.open(SOCKETS, (later, socket) -> aim(later, socket, port(AIM)));
            case GUESSED -> sockets.open(NEW_SOCKETS, (later, socket) -> aim(later, socket, sample));
            case GUESSES -> window(now, 0);
        }
    }

    private void aim(long now, int socket, @Nullable Endpoint to) {
        if (to != null && !ended) {
            repeat(now, pace(), socket, to, 0);
        }
    }

    private void repeat(long begun, Pace pace, int socket, Endpoint to, int round) {
        if (round < OFFSETS.length) {
            pace.at(begun + 1_000_000L * OFFSETS[round], now -> {
                prober.probe(socket, to, Path.PREDICTED);
                repeat(begun, pace, socket, to, round + 1);
            });
        }
    }

    private void window(long begun, int round) {
        if (round < OFFSETS.length) {
            sweep(begun, round, 1, pace());
        }
    }

    private void sweep(long begun, int round, int ahead, Pace pace) {
        if (ahead > (round < 2 ? WINDOW : WIDER)) {
            window(begun, round + 1);
            return;
        }
        pace.at(begun + 1_000_000L * OFFSETS[round], now -> {
            Endpoint to = port(ahead);
            if (to != null) {
                prober.probe(Outbox.MAIN, to, Path.PREDICTED);
            }
            sweep(begun, round, ahead + 1, pace);
        });
    }

    private @Nullable Endpoint port(int ahead) {
        int port = sample.port() + ahead * direction;
        return port > 0 && port <= LAST_PORT ? Endpoint.of(sample.address(), port) : null;
    }

    private Pace pace() {
        Pace pace = new Pace(bench);
        paces.add(pace);
        return pace;
    }

    @Override
    public void end() {
        ended = true;
        paces.forEach(Pace::end);
    }
}
