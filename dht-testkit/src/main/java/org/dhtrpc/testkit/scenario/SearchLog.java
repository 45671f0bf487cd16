package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Tap;
import org.dhtrpc.testkit.report.Operation;
import org.dhtrpc.testkit.report.Search;
import org.dhtrpc.testkit.report.Step;
import org.jspecify.annotations.Nullable;

/** Listens to what operations send and hear, and keeps the slowest and some of those that failed in detail. */
final class SearchLog implements Searches, Tap {
    private static final int SLOWEST = 6;
    private static final int FAILED = 6;

    /** Of one operation. */
    private static final int MOST_STEPS = 400;

    private final SimulatedNetwork network;

    /** By number, and by the host that asks; to look up. */
    private final Map<Long, Log> logs = new HashMap<>();

    private final Map<Integer, List<Log>> byHost = new HashMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Search> slowest = new ArrayList<>();
    private final List<Search> failed = new ArrayList<>();
    private @Nullable Residents residents;

    SearchLog(SimulatedNetwork network) {
        this.network = network;
        network.tap(this);
    }

    /** Says who is whom. */
    void know(Residents all) {
        residents = all;
    }

    private static final class Log {
        private final int host;
        private final Key target;
        private final long start;
        private final List<Question> questions = new ArrayList<>();

        Log(int host, Key target, long start) {
            this.host = host;
            this.target = target;
            this.start = start;
        }

        @Nullable
        Question question(Endpoint to, long transaction) {
            for (int i = questions.size() - 1; i >= 0; i--) {
                Question question = questions.get(i);
                if (question.transaction == transaction && question.to.equals(to)) {
                    return question;
                }
            }
            return null;
        }
    }

    private static final class Question {
        private final Endpoint to;
        private final long transaction;
        private final long sent;
        private long answered = -1;
        private int repeats;

        Question(Endpoint to, long transaction, long sent) {
            this.to = to;
            this.transaction = transaction;
            this.sent = sent;
        }
    }

    @Override
    public void begin(long number, Operation.Kind kind, Resident asker, Key target) {
        Log log = new Log(asker.host().number(), target, network.nanoTime());
        logs.put(number, log);
        byHost.computeIfAbsent(log.host, none -> new ArrayList<>()).add(log);
    }

    @Override
    public void forget(long number) {
        remove(number);
    }

    private @Nullable Log remove(long number) {
        Log log = logs.remove(number);
        if (log != null) {
            List<Log> others = byHost.get(log.host);
            if (others != null) {
                others.remove(log);
                if (others.isEmpty()) {
                    byHost.remove(log.host);
                }
            }
        }
        return log;
    }

    @Override
    public void sent(SimulatedHost from, Endpoint to, Message message, int size) {
        List<Log> under = byHost.get(from.number());
        if (under == null || !(message instanceof Request request)) {
            return;
        }
        for (Log log : under) {
            if (log.target.equals(request.target()) && log.questions.size() < MOST_STEPS) {
                Question question = log.question(to, request.transaction());
                if (question == null) {
                    log.questions.add(new Question(to, request.transaction(), network.nanoTime()));
                } else {
                    question.repeats++;
                }
                return;
            }
        }
    }

    @Override
    public void delivered(SimulatedHost to, Endpoint from, Message message, int size) {
        List<Log> under = byHost.get(to.number());
        if (under == null || !(message instanceof Reply reply)) {
            return;
        }
        for (Log log : under) {
            Question question = log.question(from, reply.transaction());
            if (question != null && question.answered < 0) {
                question.answered = network.nanoTime();
                return;
            }
        }
    }

    @Override
    public void end(long number, Operation operation) {
        operations.add(operation);
        Log log = remove(number);
        if (log == null) {
            return;
        }
        if (!operation.success() && failed.size() < FAILED) {
            failed.add(search(log, operation));
        } else if (slowest.size() < SLOWEST
                || operation
                                .latency()
                                .compareTo(slowest.get(SLOWEST - 1).operation().latency())
                        > 0) {
            slowest.add(search(log, operation));
            slowest.sort(
                    Comparator.comparing((Search search) -> search.operation().latency())
                            .reversed());
            if (slowest.size() > SLOWEST) {
                slowest.remove(SLOWEST);
            }
        }
    }

    private Search search(Log log, Operation operation) {
        List<Step> steps =
                log.questions.stream().map(question -> step(log, question)).toList();
        return new Search(operation, log.target.toString(), "node " + log.host, steps);
    }

    private Step step(Log log, Question question) {
        Resident peer = residents == null ? null : residents.at(question.to);
        return new Step(
                Duration.ofNanos(question.sent - log.start),
                question.answered < 0 ? null : Duration.ofNanos(question.answered - log.start),
                question.to.toString(),
                peer == null ? 0 : log.target.commonPrefix(peer.host().id()),
                peer != null && peer.captured(),
                question.repeats);
    }

    /** All that have ended. */
    List<Operation> operations() {
        return operations;
    }

    /** Those that failed, then the slowest. */
    List<Search> searches() {
        List<Search> all = new ArrayList<>(failed);
        all.addAll(slowest);
        return all;
    }
}
