package org.dhtrpc.holepunch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** The further sockets of one punch, taken from the budget and given back to it. */
final class Sockets {
    private final Openings openings;
    private final PunchBudget.Share budget;
    private final Set<Integer> open = new LinkedHashSet<>();
    private boolean closed;

    /** Told of each that can be used. */
    @FunctionalInterface
    interface Ready {
        void ready(long now, int socket);
    }

    Sockets(Workbench bench) {
        this.openings = bench.openings();
        this.budget = bench.budget();
    }

    /** Opens so many, or as many as the budget has; returns how many are on their way. */
    int open(int wanted, Ready ready) {
        int taken = closed ? 0 : budget.takeSockets(wanted);
        for (int i = 0; i < taken; i++) {
            open.add(openings.open((now, socket, local) -> opened(now, socket, local, ready)));
        }
        return taken;
    }

    private void opened(long now, int socket, @Nullable Endpoint local, Ready ready) {
        if (local == null) {
            close(socket);
        } else {
            ready.ready(now, socket);
        }
    }

    int size() {
        return open.size();
    }

    boolean has(int socket) {
        return open.contains(socket);
    }

    /** Whoever has it now gives it back to the budget. */
    void handOver(int socket) {
        open.remove(socket);
    }

    void close(int socket) {
        if (open.remove(socket)) {
            openings.close(socket);
            budget.returnSockets(1);
        }
    }

    void closeAll() {
        closed = true;
        List.copyOf(open).forEach(this::close);
    }
}
