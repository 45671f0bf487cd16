package org.dhtrpc.holepunch;

import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A punch under way, and what it is for. */
final class Pursuit {
    final Punch punch;

    /** The path that it is to find again; null if it is a new one. */
    final @Nullable Route resumes;

    /** Who waits for it. The same list if two punches are for the same ones, since both ends have begun. */
    final List<Long> calls;

    /** What the referrer was answered, if we were invited. */
    private byte @Nullable [] answer;

    private int repeats;

    Pursuit(Punch punch, @Nullable Route resumes, List<Long> calls) {
        this.punch = punch;
        this.resumes = resumes;
        this.calls = calls;
    }

    /** What shows the other end that it continues a path; null if it does not. */
    byte @Nullable [] claim() {
        return resumes == null
                ? null
                : Routes.claim(resumes, punch.introduction().key());
    }

    void answered(byte[] bytes) {
        answer = bytes;
    }

    /** The answer for the referrer who asks once more; null if there is none, or he has asked too often. */
    byte @Nullable [] again() {
        return answer != null && repeats++ < Referral.REPEATS ? answer : null;
    }

    void endCalls(LongConsumer news) {
        calls.forEach(news::accept);
        calls.clear();
    }
}
