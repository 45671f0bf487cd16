package org.dhtrpc.testkit.scenario;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.testkit.Traffic;
import org.dhtrpc.testkit.report.Moment;
import org.dhtrpc.testkit.report.Operation;
import org.dhtrpc.testkit.report.Place;
import org.dhtrpc.testkit.report.Recording;
import org.dhtrpc.testkit.report.Sample;
import org.dhtrpc.testkit.report.Verdict;

/** Takes a sample of the world every so often. It asks nodes for their tables, and sends nothing. */
final class Recorder {
    private static final int SAMPLES = 200;
    private static final int TABLES = 40;
    private static final int PLACES = 3_000;

    private final World world;
    private final SearchLog log;
    private final Duration every;
    private final RandomGenerator random;
    private final List<Sample> samples = new ArrayList<>();
    private final TableSums tables;

    /** The ids of some who have left, the last ones. */
    private final Deque<Key> gone = new ArrayDeque<>();

    private final Map<Counter, Long> last = new EnumMap<>(Counter.class);
    private int operations;
    private long begun;
    private Traffic traffic;
    private Duration next = Duration.ZERO;

    Recorder(World world, SearchLog log) {
        this.world = world;
        this.log = log;
        log.know(world.residents());
        world.residents().onDeparture(this::left);
        every = world.scenario().length().dividedBy(SAMPLES);
        random = world.network().random("recorder", 0);
        traffic = world.network().traffic();
        tables = new TableSums(world.residents());
    }

    private void left(Resident resident) {
        gone.add(resident.host().id());
        if (gone.size() > PLACES / 4) {
            gone.remove();
        }
    }

    /** Takes a sample if it is time. Between two events, since a run that is recorded is to have no others than another. */
    void look() {
        if (world.elapsed().compareTo(next) >= 0) {
            next = world.elapsed().plus(every);
            sample();
        }
    }

    void sample() {
        readTables();
        List<Resident> honest = world.residents().honest();
        Traffic now = world.network().traffic();
        List<Operation> all = log.operations();
        List<Operation> ended = all.subList(operations, all.size());
        samples.add(new Sample(
                world.elapsed(),
                honest.size(),
                (int) honest.stream().filter(Resident::hidden).count(),
                world.residents().living().size()
                        - honest.size()
                        + world.puppets().size(),
                (int) since(Counter.ARRIVALS),
                (int) since(Counter.DEPARTURES),
                (int) (world.clients().begun() - begun),
                (int) ended.stream().filter(Operation::success).count(),
                (int) ended.stream().filter(operation -> !operation.success()).count(),
                ended.stream().mapToLong(Operation::requests).sum(),
                now.sent() - traffic.sent(),
                now.lost() - traffic.lost(),
                now.cut() - traffic.cut(),
                now.filtered() - traffic.filtered(),
                tables.contacts(),
                tables.stale()));
        traffic = now;
        operations = all.size();
        begun = world.clients().begun();
    }

    private void readTables() {
        tables.clear();
        for (int i = 0; i < TABLES; i++) {
            Resident resident = world.residents().pick(random, other -> !other.captured() && !other.paused());
            if (resident != null) {
                CompletableFuture<List<KnownContact>> table = resident.node().contacts();
                Key id = resident.host().id();
                table.thenAccept(contacts -> tables.add(id, contacts));
            }
        }
    }

    private long since(Counter counter) {
        long now = world.count(counter);
        Long before = last.put(counter, now);
        return before == null ? now : now - before;
    }

    Recording recording(String title, List<Moment> moments, List<Verdict> verdicts) {
        return new Recording(
                title,
                world.scenario().toString(),
                world.network().toString(),
                world.elapsed(),
                samples,
                moments,
                log.operations(),
                log.searches(),
                tables.buckets(),
                places(),
                verdicts);
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        List<Resident> living = world.residents().living();
        int step = 1 + living.size() / PLACES;
        for (int i = 0; i < living.size(); i += step) {
            Resident resident = living.get(i);
            Place.Kind kind =
                    resident.suspect ? Place.Kind.ADVERSARY : resident.hidden() ? Place.Kind.HIDDEN : Place.Kind.OPEN;
            places.add(new Place(
                    fraction(resident.host().id()), kind, world.sides().of(resident.host())));
        }
        world.puppetIds().forEach(id -> places.add(new Place(fraction(id), Place.Kind.ADVERSARY, 0)));
        gone.forEach(id -> places.add(new Place(fraction(id), Place.Kind.GONE, 0)));
        return places;
    }

    private static double fraction(Key id) {
        long first = ByteBuffer.wrap(id.toByteArray()).getLong();
        return (first >>> 11) * 0x1.0p-53;
    }
}
