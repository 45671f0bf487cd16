package org.dhtrpc.testkit.report;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the page is told of a recording: as much as it can show. Its scripts know these names. */
record Summary(
        String title,
        String run,
        Duration length,
        String scenario,
        Distribution all,
        List<Distribution> kinds,
        Timeline timeline,
        Excerpt<Moment> moments,
        Excerpt<Detail> searches,
        List<Bucket> buckets,
        Ring ring,
        Excerpt<Verdict> verdicts) {
    private static final int MOMENTS = 100;
    private static final int SEARCHES = 12;
    private static final int STEPS = 100;
    private static final int VERDICTS = 200;

    private static final int NAME = 100;
    private static final int LINE = 400;
    private static final int TEXT = 2_000;
    private static final int SCENARIO = 50_000;

    /** @param omitted how many there are besides */
    record Excerpt<T>(List<T> shown, int omitted) {
        static <T> Excerpt<T> of(List<T> all, int most) {
            List<T> shown = all.subList(0, Math.min(most, all.size()));
            return new Excerpt<>(shown, all.size() - shown.size());
        }
    }

    record Detail(Operation operation, String target, String searcher, Excerpt<Step> steps) {}

    static Summary of(Recording recording) {
        List<Operation> operations = recording.operations();
        return new Summary(
                cut(recording.title(), LINE),
                cut(recording.run(), LINE),
                recording.length(),
                cut(recording.scenario(), SCENARIO),
                Distribution.of(null, operations),
                Arrays.stream(Operation.Kind.values())
                        .map(kind -> Distribution.of(kind, operations))
                        .filter(distribution -> distribution.count() > 0)
                        .toList(),
                Timeline.of(recording.samples()),
                moments(recording.moments()),
                searches(recording.searches()),
                recording.buckets().stream()
                        .sorted(Comparator.comparing(Bucket::sharedBits))
                        .toList(),
                Ring.of(recording.places()),
                verdicts(recording.verdicts()));
    }

    private static Excerpt<Moment> moments(List<Moment> all) {
        List<Moment> sorted = all.stream()
                .sorted(Comparator.comparing(Moment::from).thenComparing(Moment::until))
                .map(moment -> new Moment(moment.from(), moment.until(), cut(moment.text(), LINE)))
                .toList();
        return Excerpt.of(sorted, MOMENTS);
    }

    private static Excerpt<Detail> searches(List<Search> all) {
        Excerpt<Search> first = Excerpt.of(all, SEARCHES);
        List<Detail> details = first.shown().stream().map(Summary::detail).toList();
        return new Excerpt<>(details, first.omitted());
    }

    private static Detail detail(Search search) {
        List<Step> steps = search.steps().stream()
                .sorted(Comparator.comparing(Step::sent))
                .map(step -> new Step(
                        step.sent(),
                        step.answered(),
                        cut(step.peer(), NAME),
                        step.sharedBits(),
                        step.adversary(),
                        step.repeats()))
                .toList();
        return new Detail(
                search.operation(), cut(search.target(), NAME), cut(search.searcher(), NAME), Excerpt.of(steps, STEPS));
    }

    private static Excerpt<Verdict> verdicts(List<Verdict> all) {
        List<Verdict> sorted = all.stream()
                .sorted(Comparator.comparing(Verdict::held))
                .map(verdict -> new Verdict(
                        cut(verdict.check(), LINE), verdict.kind(), verdict.held(), cut(verdict.detail(), TEXT)))
                .toList();
        return Excerpt.of(sorted, VERDICTS);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "\u2026";
    }
}
