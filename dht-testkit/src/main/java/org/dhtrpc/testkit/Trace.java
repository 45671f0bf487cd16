package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * What was sent: a hash of every datagram, by which runs are compared, and the last of them as they were, by which a
 * failure is understood. Taking note of a datagram allocates nothing.
 */
final class Trace {
    /** How many datagrams are kept; a power of two. */
    static final int KEPT = 1 << 10;

    private final Hash64 hash;
    private final long[] times = new long[KEPT];
    private final @Nullable Endpoint[] senders = new Endpoint[KEPT];
    private final @Nullable Endpoint[] receivers = new Endpoint[KEPT];
    private final @Nullable String[] contents = new String[KEPT];
    private final long[] transactions = new long[KEPT];
    private final int[] sizes = new int[KEPT];
    private final Fate[] fates = new Fate[KEPT];
    private long count;

    Trace(Hash64 start) {
        hash = start;
    }

    /**
     * Takes note of a datagram.
     *
     * @param time when it is sent, in nanoseconds of virtual time
     * @param message what it says, null if that is not known
     * @param size in bytes
     */
    void sent(long time, Endpoint from, Endpoint to, @Nullable Message message, int size, Fate fate) {
        long transaction = message == null ? 0 : message.transaction();
        hash.add(time)
                .add(from)
                .add(to)
                .add(kind(message))
                .add(transaction)
                .add(size)
                .add(fate == Fate.UNDER_WAY ? 0 : 1);
        int place = place(count++);
        times[place] = time;
        senders[place] = from;
        receivers[place] = to;
        contents[place] = content(message);
        transactions[place] = transaction;
        sizes[place] = size;
        fates[place] = fate;
    }

    private static int kind(@Nullable Message message) {
        if (message == null) {
            return 0;
        }
        return message instanceof Request ? 1 : 2;
    }

    private static @Nullable String content(@Nullable Message message) {
        if (message == null) {
            return null;
        }
        return message instanceof Request request ? request.command().name() : "reply";
    }

    private static int place(long number) {
        return (int) number & (KEPT - 1);
    }

    /** The hash of all datagrams so far. */
    long value() {
        return hash.value();
    }

    /**
     * The last datagrams, one on each line, the oldest first.
     *
     * @param most how many at most; no more than {@link #KEPT} are known
     */
    List<String> last(int most) {
        List<String> lines = new ArrayList<>();
        for (long number = Math.max(0, count - Math.min(most, KEPT)); number < count; number++) {
            lines.add(line(place(number)));
        }
        return lines;
    }

    private String line(int place) {
        String content = contents[place] == null
                ? "unknown content"
                : contents[place] + " " + Long.toUnsignedString(transactions[place]);
        return Duration.ofNanos(times[place]) + " " + senders[place] + " > " + receivers[place] + ", " + content + ", "
                + sizes[place] + " bytes, "
                + fates[place].name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
