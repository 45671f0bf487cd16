package org.dhtrpc.it;

import java.util.HashMap;
import java.util.Map;
import org.dhtrpc.Dht;
import org.dhtrpc.QueryStream;

/** The commits of nodes that know so many others. */
public class ClosestPublisherTest extends PublisherRules {
    private final Map<Integer, Dht> clients = new HashMap<>();

    @Override
    QueryStream stream(int results) {
        return clients.computeIfAbsent(results, this::client).closest(QUERY);
    }
}
