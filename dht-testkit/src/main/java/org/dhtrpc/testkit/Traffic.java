package org.dhtrpc.testkit;

import java.util.Map;

/**
 * What became of the datagrams so far. Those sent, and the second ones of those duplicated, that are neither lost, cut, too
 * large, without room in a queue, filtered, unreachable nor delivered are under way.
 *
 * @param sent how many were sent
 * @param lost how many a link lost, in a burst or without, or a {@linkplain Hold hold} dropped
 * @param cut how many a {@linkplain Partition partition} stopped, when they were sent or when they would have arrived
 * @param tooLarge how many had more bytes than the {@linkplain Link#withMtu MTU}
 * @param queueFull how many found too much ahead of them at the {@linkplain Link#withBandwidth line} of their sender or
 *     receiver
 * @param corrupted how many set out to arrive with bits flipped
 * @param duplicated how many set out to arrive twice
 * @param held how many a {@linkplain Hold hold} caught, whether they still are or not
 * @param filtered how many a {@linkplain Nat NAT} or firewall did not let in, or out
 * @param unreachable how many arrived where no socket was bound, or none that is open
 * @param delivered how many a receiver got
 * @param kinds how many were sent of each kind, sorted: "request find_node", for an application's command "request
 *     'store'", "reply", and "unknown" for what no host's codec has made. Commands beyond 256 are "request, other"
 */
public record Traffic(
        long sent,
        long lost,
        long cut,
        long tooLarge,
        long queueFull,
        long corrupted,
        long duplicated,
        long held,
        long filtered,
        long unreachable,
        long delivered,
        Map<String, Long> kinds) {}
