package org.dhtrpc.testkit;

/**
 * What became of the datagrams so far. Those sent that are in no other count are under way.
 *
 * @param sent how many were sent
 * @param lost how many a link lost
 * @param unreachable how many arrived where no socket was bound, or none that is open
 * @param delivered how many a receiver got
 */
public record Traffic(long sent, long lost, long unreachable, long delivered) {}
