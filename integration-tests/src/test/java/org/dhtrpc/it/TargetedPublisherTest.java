package org.dhtrpc.it;

import java.util.List;
import java.util.stream.IntStream;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.QueryStream;

/** A query of so many nodes that it names. */
public class TargetedPublisherTest extends PublisherRules {
    private final Dht client = client(0);

    @Override
    QueryStream stream(int results) {
        List<Endpoint> named = IntStream.range(0, results)
                .mapToObj(i -> nodes.get(i).localAddress())
                .toList();
        return client.query(QUERY.nodes(named));
    }
}
