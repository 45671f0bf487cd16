package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * That nodes come and go. Strangers arrive by chance, independently of each other (a Poisson process); each node stays for
 * a session, those that are there in the beginning for the {@linkplain Sessions#rest rest} of one. Who has returned may leave
 * and return again, so that in the long run arrivals × mean session / (1 − returning) nodes are there.
 *
 * @param arrivals how many strangers come per minute, 0 to 1,000,000
 * @param sessions how long a node stays, each time that it is there
 * @param crashing share of those that leave without a word; the others close
 * @param returning share of those that have left that come back, at the address they had
 * @param absence how long these are away; of no effect if there are none
 * @param keepingState whether these come back as who they were, with their contacts and values, or as strangers with another
 *     id
 */
public record Churn(
        double arrivals, Sessions sessions, double crashing, double returning, Sessions absence, boolean keepingState) {
    private static final String FORMS = "arrivals 40/min, sessions weibull:5m,0.5, crashing 0.9,"
            + " returning 0.3 after exponential:1m (or: after exponential:1m with state)";
    private static final Pattern ARRIVALS = Pattern.compile("arrivals (\\S+)");
    private static final Pattern SESSIONS = Pattern.compile("sessions (\\S+)");
    private static final Pattern CRASHING = Pattern.compile("crashing (\\S+)");
    private static final Pattern RETURNING = Pattern.compile("returning (\\S+) after (\\S+)( with state)?");

    private static final Sessions ABSENCE = Sessions.constant(Duration.ofMinutes(1));

    /** Checks the values. */
    public Churn {
        Quantity.checked("The number of arrivals per minute", arrivals, 0, 1_000_000);
        Quantity.checked("The share of those that crash", crashing, 0, 1);
        Quantity.checked("The share of those that return", returning, 0, 1);
    }

    /**
     * So many of a network's nodes crash each minute in the mean, and as many strangers come: sessions are exponential with
     * a mean of 1 min / share, to the millisecond. Nobody returns.
     *
     * @param sharePerMinute more than 0; 0.1 for a tenth
     * @throws IllegalArgumentException if there is not one node, or the arrivals or sessions are out of their ranges
     */
    public static Churn replacing(double sharePerMinute, int nodes) {
        if (!(sharePerMinute > 0)) {
            throw new IllegalArgumentException("The share replaced each minute is more than 0, not " + sharePerMinute);
        }
        if (nodes < 1) {
            throw new IllegalArgumentException("There is at least one node to replace, not " + nodes);
        }
        Duration mean = Duration.ofMillis(StrictMath.round(60_000 / sharePerMinute));
        return new Churn(sharePerMinute * nodes, Sessions.exponential(mean), 1, 0, ABSENCE, false);
    }

    /**
     * The churn with this text: {@code arrivals 40/min, sessions weibull:5m,0.5, crashing 0.9, returning 0.3 after
     * exponential:1m with state}. Where nothing is said of them, all crash and nobody returns; without the last two words,
     * who returns is a stranger. Arrivals may be per second or hour too ({@code /s}, {@code /h}). {@link #toString} is
     * this form.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names the part, and lists the forms
     */
    public static Churn parse(String text) {
        Parts parts = new Parts(text, FORMS);
        MatchResult arrivals = parts.need("arrivals", ARRIVALS);
        MatchResult sessions = parts.need("sessions", SESSIONS);
        MatchResult crashing = parts.take(CRASHING);
        MatchResult returning = parts.take(RETURNING);
        parts.end();
        return new Churn(
                Quantity.perMinute(arrivals.group(1)),
                Sessions.parse(sessions.group(1)),
                crashing == null ? 1 : Quantity.number(crashing.group(1)),
                returning == null ? 0 : Quantity.number(returning.group(1)),
                returning == null ? ABSENCE : Sessions.parse(returning.group(2)),
                returning != null && returning.group(3) != null);
    }

    /** The same with so many arrivals per minute. */
    Churn arrivals(double perMinute) {
        return new Churn(perMinute, sessions, crashing, returning, absence, keepingState);
    }

    /** How long it is until the next stranger comes: a hundred years, if none does. */
    public Duration nextArrival(RandomGenerator random) {
        return Poisson.gap(arrivals / 60, random);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("arrivals ").append(Quantity.text(arrivals));
        text.append("/min, sessions ").append(sessions);
        if (crashing != 1) {
            text.append(", crashing ").append(Quantity.text(crashing));
        }
        if (returning != 0 || !absence.equals(ABSENCE) || keepingState) {
            text.append(", returning ")
                    .append(Quantity.text(returning))
                    .append(" after ")
                    .append(absence);
            text.append(keepingState ? " with state" : "");
        }
        return text.toString();
    }
}
