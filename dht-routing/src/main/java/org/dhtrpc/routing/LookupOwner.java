package org.dhtrpc.routing;

/** Whoever wants to know what becomes of a {@link Lookup}. */
interface LookupOwner {
    /** Whether a further node may be asked now. */
    boolean wants();

    /** A candidate has answered; its state says whether it takes part. */
    void answered(long now, Candidate candidate, Effect.Answer answer);

    /**
     * A candidate does not answer; true if the owner tries another way. In the end it calls {@link Lookup#again},
     * unless {@link #reached} or {@link #ended} came first.
     */
    default boolean rescues(long now, Candidate candidate) {
        return false;
    }

    /** A candidate that the owner {@linkplain #rescues tries to rescue} has answered by itself. */
    default void reached(Candidate candidate) {}

    /** Nobody is left to ask or to wait for. */
    void ended(long now);
}
