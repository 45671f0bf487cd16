package org.dhtrpc.testkit.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Recordings of runs that never were, the same for the same seed: of ten minutes with faults, churn and adversaries. */
final class Recordings {
    static final Duration LENGTH = Duration.ofMinutes(10);

    /** What a name, a scenario or a message may have in it. */
    static final String HOSTILE = "</script></SCRIPT ><script>document.documentElement.dataset.errors='run'</script>"
            + "<img src=x onerror=\"document.documentElement.dataset.errors='run'\"><!--<script> ]]> ${0} {data} \\u003c"
            + " '\"`\\ \u2028\u2029\u0000\u202e\ud800 &lt;/script&gt; \ud83d\udd78";

    private static final String SCENARIO = """
            nodes 400
            seed 42
            length 10m
            latency logNormal:60ms-600ms
            loss 0.02
            nats ford2005:0.4
            churn arrivals 40/min, sessions weibull:5m,0.5, crashing 0.9
            workload 4 lookups a second of 500 values
            at 1m crash 0.2, restart after 30s with state
            at 2m30s partition 0.3 for 1m30s
            at 5m liars 0.1
            when lookups 1500 pause 0.1 for 40s
            at 8m loss 0.2 for 1m""";

    private final SplittableRandom random;
    private final double trouble;
    private final int nodes;

    private Recordings(long seed, int nodes, double trouble) {
        random = new SplittableRandom(seed);
        this.nodes = nodes;
        this.trouble = trouble;
    }

    /** Nothing happened in it. */
    static Recording empty() {
        return new Recording(
                "Nothing",
                "",
                "seed 1, virtual time PT0S, trace 0",
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** @param trouble how bad the faults are: 1 for the usual */
    static Recording rich(long seed, int nodes, int operations, double trouble) {
        return new Recordings(seed, nodes, trouble).record(operations);
    }

    /** The same with hostile text wherever there is text. */
    static Recording hostile(long seed) {
        Recording rich = rich(seed, 300, 2_000, 1);
        return new Recording(
                HOSTILE,
                HOSTILE + "\n" + rich.scenario(),
                HOSTILE,
                rich.length(),
                rich.samples(),
                rich.moments().stream()
                        .map(moment -> new Moment(moment.from(), moment.until(), HOSTILE))
                        .toList(),
                rich.operations(),
                rich.searches().stream()
                        .map(search -> new Search(
                                search.operation(),
                                HOSTILE,
                                HOSTILE,
                                search.steps().stream()
                                        .map(step -> new Step(
                                                step.sent(),
                                                step.answered(),
                                                HOSTILE,
                                                step.sharedBits(),
                                                step.adversary(),
                                                step.repeats()))
                                        .toList()))
                        .toList(),
                rich.buckets(),
                rich.places(),
                rich.verdicts().stream()
                        .map(verdict -> new Verdict(HOSTILE + verdict.check(), verdict.kind(), verdict.held(), HOSTILE))
                        .toList());
    }

    private Recording record(int count) {
        List<Operation> operations = operations(count);
        return new Recording(
                "A cut, a crash and a fifth of liars",
                SCENARIO,
                "seed 42, virtual time PT10M, trace 9f3c0d77a1b2e654",
                LENGTH,
                samples(operations),
                moments(),
                operations,
                searches(operations),
                buckets(),
                places(),
                verdicts());
    }

    private static Duration at(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static List<Moment> moments() {
        return List.of(
                new Moment(at(60), at(90), "at 1m crash 0.2, restart after 30s with state"),
                new Moment(at(150), at(240), "at 2m30s partition 0.3 for 1m30s"),
                new Moment(at(300), at(300), "at 5m liars 0.1"),
                new Moment(at(402), at(442), "when lookups 1500 pause 0.1 for 40s"),
                new Moment(at(480), at(540), "at 8m loss 0.2 for 1m"));
    }

    /** How bad things are at a time: 0 to 1. */
    private double badness(double time) {
        double bad = time > 300 ? 0.02 : 0.002;
        bad += time > 60 && time < 90 ? 0.10 * (1 - (time - 60) / 60) : 0;
        bad += time > 150 && time < 250 ? 0.28 * Math.min(1, (250 - time) / 10) : 0;
        bad += time > 402 && time < 442 ? 0.05 : 0;
        bad += time > 480 && time < 540 ? 0.08 : 0;
        return Math.min(1, bad * trouble);
    }

    private List<Operation> operations(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> operation(LENGTH.toSeconds() * (double) i / count))
                .toList();
    }

    private Operation operation(double time) {
        double bad = badness(time);
        boolean success = random.nextDouble() > bad * 0.7;
        Operation.Kind kind = random.nextInt(10) < 2
                ? Operation.Kind.STORE
                : random.nextInt(10) < 8 ? Operation.Kind.LOOKUP : Operation.Kind.SEARCH;
        int hops = 1 + random.nextInt(2) + random.nextInt(2) + (random.nextDouble() < 0.2 + bad ? 1 : 0);
        double base = 0.09 * hops * Math.exp(random.nextGaussian() * 0.45) * (kind == Operation.Kind.STORE ? 1.7 : 1);
        double slow = random.nextDouble() < 0.03 + bad ? 1.2 * Math.exp(random.nextGaussian() * 0.5) : 0;
        int requests = (kind == Operation.Kind.LOOKUP ? 9 : 24)
                + (int) Math.abs(random.nextGaussian() * 6)
                + (int) (40 * bad * random.nextDouble());
        double latency = success ? base + slow : 4 + random.nextDouble() * 2;
        return new Operation(at(time), kind, success, at(latency), success ? hops : random.nextInt(3), requests);
    }

    private List<Sample> samples(List<Operation> operations) {
        List<Sample> samples = new ArrayList<>();
        double alive = nodes;
        int next = 0;
        for (int time = 0; time <= LENGTH.toSeconds(); time += 2) {
            List<Operation> since = new ArrayList<>();
            while (next < operations.size() && operations.get(next).at().toSeconds() <= time) {
                since.add(operations.get(next++));
            }
            int arrivals = time == 90 ? nodes / 5 : poisson(nodes / 300.0);
            int departures = time == 60 ? nodes / 5 : Math.min((int) alive, poisson(alive / 300.0));
            alive += time == 0 ? 0 : arrivals - departures;
            samples.add(sample(time, (int) alive, time == 0 ? 0 : arrivals, time == 0 ? 0 : departures, since));
        }
        return samples;
    }

    private int poisson(double mean) {
        int count = 0;
        for (double product = random.nextDouble(); product > Math.exp(-mean); product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    private Sample sample(int time, int alive, int arrivals, int departures, List<Operation> since) {
        int found = (int) since.stream().filter(Operation::success).count();
        long requests = since.stream().mapToLong(Operation::requests).sum();
        long sent = requests * 2 + alive / 4 + random.nextInt(20);
        boolean cut = time > 150 && time <= 240;
        double stale = 0.04 + 0.16 * Math.exp(-Math.max(0, time - 75) / 60.0) * (time > 60 ? 1 : 0);
        return new Sample(
                at(time),
                alive,
                (int) (alive * 0.4),
                time > 300 ? nodes / 10 : 0,
                arrivals,
                departures,
                since.size(),
                found,
                since.size() - found,
                requests,
                sent,
                (long) (sent * (time > 480 && time <= 540 ? 0.2 : 0.02)),
                cut ? (long) (sent * 0.21 * trouble) : 0,
                sent / 30,
                70 + 12 * Math.log(1 + time / 30.0) + random.nextDouble(),
                Math.min(1, stale * trouble + random.nextDouble() * 0.01));
    }

    private List<Search> searches(List<Operation> operations) {
        return operations.stream()
                .sorted(Comparator.comparing(Operation::success)
                        .thenComparing(Operation::latency, Comparator.reverseOrder()))
                .limit(8)
                .map(operation ->
                        new Search(operation, id(), "10.0.0." + random.nextInt(256) + ":49737", steps(operation)))
                .toList();
    }

    private String id() {
        return String.format("%016x%016x", random.nextLong(), random.nextLong());
    }

    private List<Step> steps(Operation operation) {
        List<Step> steps = new ArrayList<>();
        double end = operation.latency().toNanos() / 1e9;
        for (int i = 0; i < operation.requests(); i++) {
            double sent = end * Math.pow(i / (operation.requests() + 2.0), 1.5);
            boolean adversary = random.nextInt(9) == 0;
            boolean silent = random.nextInt(5) == 0;
            double trip = Math.min(end - sent, 0.08 + 0.25 * Math.abs(random.nextGaussian()));
            int near = (int) Math.min(13, 2 + 8.0 * i / operation.requests() + random.nextInt(4));
            steps.add(new Step(
                    at(sent),
                    silent ? null : at(sent + trip),
                    "10." + random.nextInt(4) + "." + random.nextInt(256) + "." + random.nextInt(256) + ":49737",
                    near,
                    adversary,
                    silent ? 2 : random.nextInt(6) == 0 ? 1 : 0));
        }
        return steps;
    }

    private List<Bucket> buckets() {
        return IntStream.range(0, 14)
                .mapToObj(bits -> new Bucket(
                        bits, Math.min(20, nodes / Math.pow(2, bits + 1)), 0.05 * trouble + 0.15 * random.nextDouble()))
                .toList();
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            Place.Kind kind = random.nextInt(5) < 2 ? Place.Kind.HIDDEN : Place.Kind.OPEN;
            places.add(new Place(random.nextDouble(), kind, random.nextDouble() < 0.3 ? 2 : 1));
        }
        for (int i = 0; i < nodes / 8; i++) {
            places.add(new Place(random.nextDouble(), Place.Kind.GONE, 1));
        }
        for (int i = 0; i < nodes / 10; i++) {
            double place = i % 2 == 0 ? random.nextDouble() : 0.62 + 0.03 * random.nextDouble();
            places.add(new Place(place, Place.Kind.ADVERSARY, 1));
        }
        return places;
    }

    private List<Verdict> verdicts() {
        return List.of(
                new Verdict("no node has more than 20 contacts in a bucket", Verdict.Kind.ALWAYS, true, ""),
                new Verdict(
                        "99 of 100 lookups of the last minute succeed",
                        Verdict.Kind.EVERY,
                        trouble < 0.5,
                        trouble < 0.5
                                ? ""
                                : "at PT3M: 1,322 of 1,660, 79.6 %\nseed 42, virtual time PT3M, trace 5d217886a77ebc01"),
                new Verdict("all values are found after the partition has healed", Verdict.Kind.EVENTUALLY, true, ""),
                new Verdict("the partition cuts datagrams", Verdict.Kind.SOMETIMES, true, ""));
    }
}
