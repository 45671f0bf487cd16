package org.dhtrpc.natlab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Endpoint;

/** One node behind a port-restricted NAT reaches ten behind symmetric ones, all at once. */
final class Ten implements Suite {
    private static final String CALLER = "a_pr_h1";

    @Override
    public Results run(Laboratory lab, Order order) {
        List<String> peers =
                lab.privateHosts().stream().filter(each -> !each.equals(CALLER)).toList();
        Map<String, Integer> uses = new LinkedHashMap<>(Map.of(CALLER, 1));
        peers.forEach(peer -> uses.put(peer, 1));
        Map<String, List<Attempt>> attempts = new LinkedHashMap<>();
        peers.forEach(peer -> attempts.put(peer, new ArrayList<>()));
        List<Finding> findings = new ArrayList<>();
        try (Fleet fleet = Fleet.start(lab, uses.keySet())) {
            for (int i = 0; i < order.tries(); i++) {
                fleet.open(uses);
                findings.add(all(fleet, attempts, i));
                order.progress().accept(findings.get(i).detail());
            }
        }
        List<Row> rows = attempts.entrySet().stream()
                .map(each -> new Row(
                        new Cell("pr", "sym", CALLER, each.getKey(), Cell.Expected.DIRECT, true), each.getValue()))
                .toList();
        return new Results(order.config(), rows, findings);
    }

    private static Finding all(Fleet fleet, Map<String, List<Attempt>> attempts, int turn) {
        List<Endpoint> referrers = fleet.referrers();
        Endpoint referrer = referrers.get(turn % referrers.size());
        Member caller = fleet.take(CALLER);
        Member other = fleet.publicNodes().get((turn + 1) % referrers.size());
        Fleet.await(caller.punch(Fleet.await(other.where(referrer)), referrer));
        Fleet.await(caller.where(referrer));
        Map<Member, Endpoint> where = new LinkedHashMap<>();
        for (String peer : attempts.keySet()) {
            Member member = fleet.take(peer);
            where.put(member, Fleet.await(member.where(referrer)));
        }
        long start = System.nanoTime();
        Map<Member, CompletableFuture<Attempt>> running = new LinkedHashMap<>();
        where.forEach((peer, there) -> running.put(
                peer, CompletableFuture.supplyAsync(() -> Matrix.punch(caller, peer, there, referrer), Fleet.THREADS)));
        List<Attempt> done = running.values().stream().map(Fleet::await).toList();
        double seconds = (System.nanoTime() - start) / 1e9;
        running.forEach((peer, attempt) -> attempts.computeIfAbsent(peer.host().name, each -> new ArrayList<>())
                .add(Fleet.await(attempt)));
        long direct = done.stream().filter(Attempt::direct).count();
        int probes = done.stream().mapToInt(Attempt::probes).sum();
        where.keySet().forEach(Member::close);
        caller.close();
        return new Finding(
                "ten at once",
                direct == done.size(),
                String.format("%d of %d direct after %.1f s, with %d probes", direct, done.size(), seconds, probes));
    }
}
