package org.dhtrpc.natlab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.natlab.Cell.Expected;
import org.jspecify.annotations.Nullable;

/**
 * Tries cells one after the other. Each try has a fresh node on either side, which has run for a while and has punched once, to a
 * public node; then the routers forget their mappings, both are seen by the referrer again, and the caller is told to punch.
 */
final class Matrix {
    private final Laboratory lab;
    private final Fleet fleet;
    private final Order order;
    private int turn;

    Matrix(Laboratory lab, Fleet fleet, Order order) {
        this.lab = lab;
        this.fleet = fleet;
        this.order = order;
    }

    /** How many nodes each host needs, if each cell is tried once. */
    static Map<String, Integer> uses(List<Cell> cells) {
        Map<String, Integer> uses = new LinkedHashMap<>();
        for (Cell cell : cells) {
            uses.merge(cell.caller(), 1, Integer::sum);
            uses.merge(cell.peer(), 1, Integer::sum);
        }
        return uses;
    }

    /** The rows, in the order of the cells. */
    List<Row> run(List<Cell> cells) {
        Map<Cell, List<Attempt>> attempts = new HashMap<>();
        for (int i = 0; i < order.tries(); i++) {
            fleet.open(uses(cells));
            for (Cell cell : spread(cells)) {
                Attempt attempt = attempt(cell);
                attempts.computeIfAbsent(cell, each -> new ArrayList<>()).add(attempt);
                order.progress()
                        .accept(String.format(
                                "%-14s %5.0f ms, %d probes  %s%s",
                                cell, attempt.ms(), attempt.probes(), attempt.path(), attempt.reason()));
            }
        }
        return cells.stream()
                .map(cell -> new Row(cell, attempts.getOrDefault(cell, List.of())))
                .toList();
    }

    /** The same cells in an order in which a host has to wait for its next turn. */
    static List<Cell> spread(List<Cell> cells) {
        List<Cell> left = new ArrayList<>(cells);
        List<Cell> spread = new ArrayList<>();
        Map<String, Integer> last = new HashMap<>();
        while (!left.isEmpty()) {
            Cell next = Collections.min(
                    left,
                    Comparator.comparing(cell ->
                            Math.max(last.getOrDefault(cell.caller(), -1), last.getOrDefault(cell.peer(), -1))));
            last.put(next.caller(), spread.size());
            last.put(next.peer(), spread.size());
            left.remove(next);
            spread.add(next);
        }
        return spread;
    }

    /** One try. */
    Attempt attempt(Cell cell) {
        List<Endpoint> referrers = fleet.referrers();
        Endpoint referrer = referrers.get(turn++ % referrers.size());
        Endpoint before = order.newReferrer() ? referrers.get(turn % referrers.size()) : referrer;
        Member caller = fleet.take(cell.caller());
        Member peer = fleet.take(cell.peer());
        boolean heard = cell.expected() != Expected.BLOCKED;
        boolean known = cell.expected() != Expected.UNREACHABLE;
        try {
            Endpoint other = Fleet.await(
                    fleet.publicNodes().get((turn + 1) % referrers.size()).where(before));
            both(heard ? caller.punch(other, before) : null, known ? peer.punch(other, before) : null);
            lab.flush(cell.caller(), cell.peer());
            Endpoint there = Endpoint.parse(lab.publicAddress(cell.peer()) + ":" + Laboratory.PORT);
            CompletableFuture<Endpoint> where = known ? peer.where(referrer) : CompletableFuture.completedFuture(there);
            both(heard ? caller.where(referrer) : null, where);
            return punch(caller, peer, Fleet.await(where), referrer);
        } catch (PeerException e) {
            return Attempt.failed(0, "PREPARING_" + e.reason, String.valueOf(e.getMessage()));
        } finally {
            caller.close();
            peer.close();
        }
    }

    private static void both(@Nullable CompletableFuture<?> one, @Nullable CompletableFuture<?> other) {
        for (CompletableFuture<?> each :
                Stream.of(one, other).filter(Objects::nonNull).toList()) {
            Fleet.await(each);
        }
    }

    /** Punches; connected is who then reaches the other one by that path, and is reached. */
    static Attempt punch(Member caller, Member peer, Endpoint there, Endpoint referrer) {
        long start = System.nanoTime();
        try {
            Member.Found found = Fleet.await(caller.punch(there, referrer));
            String astray = astray(caller, peer, found.endpoint());
            return astray.isEmpty()
                    ? Attempt.connected(found.path(), found.ms(), found.probes())
                    : Attempt.failed(found.ms(), "NOT_BOTH_WAYS", astray);
        } catch (PeerException e) {
            return Attempt.failed((System.nanoTime() - start) / 1e6, e.reason, String.valueOf(e.getMessage()));
        }
    }

    /** What goes wrong when both talk to each other; empty if nothing does. */
    static String astray(Member caller, Member peer, Endpoint path) {
        Member.Seen there;
        try {
            there = Fleet.await(caller.who(path));
        } catch (PeerException e) {
            return "The peer does not answer at " + path + ": " + e.getMessage();
        }
        if (!there.name().equals(peer.name())) {
            return "At " + path + " there is " + there.name() + ", not " + peer.name();
        }
        try {
            String back = Fleet.await(peer.who(there.at())).name();
            return back.equals(caller.name())
                    ? ""
                    : "The way back, to " + there.at() + ", leads to " + back + ", not to " + caller.name();
        } catch (PeerException e) {
            return "The caller does not answer at " + there.at() + ": " + e.getMessage();
        }
    }
}
