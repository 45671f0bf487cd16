package org.dhtrpc.holepunch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.dhtrpc.Endpoint;

/**
 * Who tells us how we are seen: those whom the options name, and others that the node has to do with, one for each host, if they
 * answer STUN as every node with this module does. One of them is asked every half a minute, so that a new address is noticed.
 */
final class Witnesses implements Introducer.Reachable {
    /** So many are kept. */
    static final int MOST = 8;

    private static final int ENOUGH = 3;
    private static final int MOST_TRIED = 64;
    private static final long INTERVAL = 30_000_000_000L;
    private static final long FORGET = 600_000_000_000L;

    private final Workbench bench;
    private final PublicAddress address;
    private final LongConsumer news;
    private final Set<Endpoint> confirmed = new LinkedHashSet<>();

    /** Hosts that were asked, be it in vain. */
    private final Set<Endpoint> tried = new LinkedHashSet<>();

    private long forgotten;
    private long heard = Long.MIN_VALUE;
    private int next;

    /** @param news told when there is one more or one less, or our address is another than before */
    Witnesses(Workbench bench, PublicAddress address, LongConsumer news) {
        this.bench = bench;
        this.address = address;
        this.news = news;
    }

    void begin(long now) {
        forgotten = now;
        askMissing(now);
        bench.timers().at(now + INTERVAL, this::tick);
    }

    /** Something has come in from there at the main socket. */
    void heard(long now, Endpoint from) {
        heard = now;
        // Of those who were met, every datagram comes by here.
        boolean met = confirmed.size() >= MOST || tried.size() >= MOST_TRIED || !tried.add(host(from));
        if (!met && bench.allowed(from) && !isHere(from)) {
            ask(now, from);
        }
    }

    /** Asks those of the options who have not answered: they speak to nobody by themselves, and the network may have been down. */
    private void askMissing(long now) {
        for (Endpoint helper : bench.options().helpers()) {
            if (confirmed.size() < MOST && !confirmed.contains(helper) && !isHere(helper)) {
                tried.add(host(helper));
                ask(now, helper);
            }
        }
    }

    private static Endpoint host(Endpoint helper) {
        return Endpoint.of(helper.address(), 0);
    }

    private void ask(long now, Endpoint helper) {
        bench.bind(now, Outbox.MAIN, helper, (later, answer) -> answered(later, helper, answer), later -> {
            if (confirmed.remove(helper)) {
                news.accept(later);
            }
        });
    }

    private void answered(long now, Endpoint helper, StunMessage answer) {
        heard = now;
        Endpoint seen = answer.seen();
        if (seen == null) {
            return;
        }
        boolean more = confirmed.size() < MOST && confirmed.add(helper);
        boolean changed = address.report(now, helper, seen);
        if (more || changed) {
            news.accept(now);
        }
    }

    private void tick(long now) {
        if (now - forgotten >= FORGET) {
            forgotten = now;
            tried.clear();
            confirmed.forEach(helper -> tried.add(host(helper)));
        }
        askMissing(now);
        List<Endpoint> all = list();
        if (!all.isEmpty()) {
            ask(now, all.get(next++ % all.size()));
        }
        bench.timers().at(now + INTERVAL, this::tick);
    }

    /** Whether it is on our own host, or behind the same NAT: it would tell nothing of what is before us. */
    private boolean isHere(Endpoint helper) {
        Endpoint host = address.host();
        return (host != null && Scope.sameHost(host, helper))
                || bench.hosts().stream().anyMatch(own -> Scope.sameHost(own, helper));
    }

    /** Those who answer, in the order in which they were met; if there are two elsewhere, none of our own network. */
    List<Endpoint> list() {
        List<Endpoint> all =
                confirmed.stream().filter(helper -> !isHere(helper)).toList();
        List<Endpoint> far = all.stream().filter(helper -> !isNear(helper)).toList();
        return far.size() > 1 ? far : all;
    }

    private boolean isNear(Endpoint helper) {
        return bench.hosts().stream()
                .anyMatch(own -> network(own) == network(helper) && own.isIPv4() == helper.isIPv4());
    }

    /** A /24, or a /64. */
    private static long network(Endpoint endpoint) {
        return endpoint.isIPv4() ? endpoint.lowBits() >>> 8 : endpoint.highBits();
    }

    @Override
    public void check(long now) {
        Set<Endpoint> some = new LinkedHashSet<>(confirmed);
        some.addAll(bench.options().helpers());
        some.stream().limit(ENOUGH).toList().forEach(helper -> ask(now, helper));
    }

    @Override
    public long heard() {
        return heard;
    }
}
