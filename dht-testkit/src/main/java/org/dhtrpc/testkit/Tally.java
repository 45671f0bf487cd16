package org.dhtrpc.testkit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** Counts datagrams, by what became of them and by what they said. */
final class Tally {
    /** Commands beyond this many are counted together: a hostile node may invent one for each request. */
    static final int MAX_COMMANDS = 256;

    private static final String REPLY = "reply";
    private static final String UNKNOWN = "unknown";

    private final Map<Fate, long[]> fates = new EnumMap<>(Fate.class);
    private final Map<Command, long[]> requests = new LinkedHashMap<>();
    private final long[] otherRequests = new long[1];
    private long sent;
    private long replies;
    private long unknown;

    void sent(@Nullable Message message) {
        sent++;
        if (message == null) {
            unknown++;
        } else if (message instanceof Request request) {
            requests(request.command())[0]++;
        } else {
            replies++;
        }
    }

    private long[] requests(Command command) {
        long[] count = requests.get(command);
        if (count == null) {
            if (requests.size() == MAX_COMMANDS) {
                return otherRequests;
            }
            count = new long[1];
            requests.put(command, count);
        }
        return count;
    }

    void count(Fate fate) {
        fates.computeIfAbsent(fate, first -> new long[1])[0]++;
    }

    private long of(Fate fate) {
        long[] count = fates.get(fate);
        return count == null ? 0 : count[0];
    }

    Traffic traffic() {
        return new Traffic(
                sent,
                of(Fate.LOST),
                of(Fate.CUT),
                of(Fate.TOO_LARGE),
                of(Fate.QUEUE_FULL),
                of(Fate.CORRUPTED),
                of(Fate.DUPLICATED),
                of(Fate.HELD),
                of(Fate.FILTERED),
                of(Fate.UNREACHABLE),
                of(Fate.DELIVERED),
                kinds());
    }

    private Map<String, Long> kinds() {
        Map<String, Long> kinds = new TreeMap<>();
        requests.forEach((command, count) -> kinds.put(kind(command), count[0]));
        put(kinds, "request, other", otherRequests[0]);
        put(kinds, REPLY, replies);
        put(kinds, UNKNOWN, unknown);
        return Collections.unmodifiableMap(kinds);
    }

    /** What kind of message it is, in words. */
    static String kind(@Nullable Message message) {
        if (message == null) {
            return UNKNOWN;
        }
        return message instanceof Request request ? kind(request.command()) : REPLY;
    }

    private static String kind(Command command) {
        return "request " + command;
    }

    private static void put(Map<String, Long> kinds, String kind, long count) {
        if (count > 0) {
            kinds.put(kind, count);
        }
    }
}
