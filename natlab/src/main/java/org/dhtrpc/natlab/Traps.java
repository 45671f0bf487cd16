package org.dhtrpc.natlab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Endpoint;

/** Where a puncher that works elsewhere may stumble, and what happens to those who are connected when a router forgets or moves. */
final class Traps implements Suite {
    /** For how long two say nothing to each other; their routers forget after 20 s. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /** Callers and peers in turn; there are two hosts behind either router, and all are bound to one port. */
    private static final List<String> SAME_PORT_HOSTS = List.of("a_two_h1", "b_two_h1", "a_two_h2", "b_two_h2");

    private static final int SAME_PORT = 4_000;

    @Override
    public Results run(Laboratory lab, Order order) {
        List<Cell> cells = Cells.traps();
        List<Scenario> scenarios = scenarios(lab);
        Map<String, Integer> connected = new LinkedHashMap<>();
        scenarios.forEach(each -> List.of(each.caller(), each.peer()).forEach(host -> connected.put(host, 1)));
        Set<String> hosts = new LinkedHashSet<>(Matrix.uses(cells).keySet());
        hosts.addAll(connected.keySet());
        hosts.addAll(SAME_PORT_HOSTS);
        try (Fleet fleet = Fleet.start(lab, hosts)) {
            fleet.open(connected);
            CompletableFuture<Finding> same = CompletableFuture.supplyAsync(() -> samePort(fleet), Fleet.THREADS);
            List<CompletableFuture<Finding>> running = scenarios.stream()
                    .map(each -> CompletableFuture.supplyAsync(() -> each.run(fleet), Fleet.THREADS))
                    .toList();
            Matrix matrix = new Matrix(lab, fleet, order);
            List<Row> rows = new ArrayList<>(matrix.run(cells));
            lengthen(lab);
            rows.addAll(matrix.run(List.of(Cells.far())));
            List<Finding> findings = new ArrayList<>();
            findings.add(Fleet.await(same));
            running.forEach(each -> findings.add(Fleet.await(each)));
            return new Results(order.config(), rows, findings);
        }
    }

    private static List<Scenario> scenarios(Laboratory lab) {
        return List.of(
                new Scenario(
                        "the caller's router forgets its mappings",
                        "a_flush_h1",
                        "b_flush_h1",
                        () -> lab.run("flush", "a_flush")),
                new Scenario(
                        "the peer's router forgets its mappings",
                        "a_lost_h1",
                        "b_lost_h1",
                        () -> lab.run("flush", "b_lost")),
                new Scenario(
                        "the caller's router has another address",
                        "a_moved_h1",
                        "b_moved_h1",
                        () -> lab.run("set", "a_moved", "wan=9")),
                new Scenario(
                        "a minute of silence, where mappings live 20 s",
                        "a_brief_h1",
                        "b_brief_h1",
                        () -> Fleet.pause(SILENCE)));
    }

    /** From now on packets with a small time to live do not arrive, as on the internet. */
    private static void lengthen(Laboratory lab) {
        lab.run("exec", "inet", "nft", "add", "rule", "ip", "natlab", "forward", "iifname \"v*\" ip ttl < 10 drop");
    }

    /** Two hosts behind one stock router send from the same port to two behind another one, which do so too. */
    private static Finding samePort(Fleet fleet) {
        Endpoint referrer = fleet.referrers().get(0);
        List<CompletableFuture<Member>> opening = SAME_PORT_HOSTS.stream()
                .map(host -> fleet.aged(host, SAME_PORT))
                .toList();
        StringBuilder detail = new StringBuilder();
        boolean connected = true;
        for (int i = 0; i < 4; i += 2) {
            Member caller = Fleet.await(opening.get(i));
            Member peer = Fleet.await(opening.get(i + 1));
            Attempt attempt;
            try {
                Fleet.await(caller.where(referrer));
                attempt = Matrix.punch(caller, peer, Fleet.await(peer.where(referrer)), referrer);
            } catch (PeerException e) {
                attempt = Attempt.failed(0, e.reason, e.getMessage() + "");
            }
            connected &= attempt.direct();
            detail.append(i == 0 ? "" : ", ")
                    .append(String.format("%.0f ms %s%s", attempt.ms(), attempt.path(), attempt.reason()));
        }
        return new Finding(
                "two hosts behind one stock router, with the same source port", connected, detail.toString());
    }
}
