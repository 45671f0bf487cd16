package org.dhtrpc.holepunch;

/**
 * Counters of a {@link PunchingTransport}, from its start.
 *
 * @param punches begun by this node
 * @param succeeded of those
 * @param invitations accepted
 * @param introductions passed on, as a referrer
 * @param refusals of what others wanted: to be introduced or relayed, over a limit or to somebody unknown; or to reach us,
 *     over a limit or against the policy
 * @param relayedBytes passed on, as a referrer
 * @param probes sent
 * @param paths kept open now
 */
public record PunchStats(
        long punches,
        long succeeded,
        long invitations,
        long introductions,
        long refusals,
        long relayedBytes,
        long probes,
        int paths) {}
