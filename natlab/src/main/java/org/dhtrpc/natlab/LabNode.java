package org.dhtrpc.natlab;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.holepunch.NatProfile;
import org.dhtrpc.holepunch.PunchOptions;
import org.dhtrpc.holepunch.PunchResult;
import org.dhtrpc.holepunch.PunchingTransport;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.transport.nio.NioTransport;

/** A node as anybody would have it, whose answers are made for {@link Peer} to print. */
final class LabNode {
    /** Any, for a host behind a NAT. */
    static final String ANY = "0.0.0.0";

    private static final String WHO = "who";

    private final Dht dht;
    private final PunchingTransport puncher;

    private LabNode(Dht dht, PunchingTransport puncher, String name) {
        this.dht = dht;
        this.puncher = puncher;
        dht.onQuery(WHO, query -> Bytes.utf8(name + " " + query.from()));
    }

    /**
     * Opens a node on this address and port; the first of a network where that is no wildcard.
     *
     * @param name what it says who it is
     * @param helpers STUN servers that tell it how they see it
     */
    static LabNode open(String name, String address, int port, List<Endpoint> bootstrap, List<Endpoint> helpers) {
        // The public addresses of the laboratory are private ones, as all that is in it.
        PunchingTransport puncher = PunchingTransport.over(
                NioTransport.bind(address, port),
                PunchOptions.defaults().privateAddresses(true).helpers(helpers));
        NodeBuilder builder = address.equals(ANY) ? DhtNode.builder() : DhtNode.bootstrapper(address, port);
        Endpoint own = puncher.localAddress();
        Dht dht = builder.bootstrap(
                        bootstrap.stream().filter(each -> !each.equals(own)).toArray(Endpoint[]::new))
                .transport(puncher)
                .holePuncher(puncher)
                .codec(new MsgpackCodec())
                .build();
        return new LabNode(dht, puncher, name);
    }

    CompletableFuture<Map<String, ?>> ready() {
        return dht.ready().thenApply(nothing -> Map.of());
    }

    /** Where a node sees us, which then has seen us. */
    CompletableFuture<Map<String, ?>> where(Endpoint node) {
        return dht.ping(node).thenApply(pong -> Map.of("address", pong.address().toString()));
    }

    CompletableFuture<Map<String, ?>> punch(Endpoint peer, Endpoint referrer) {
        long start = System.nanoTime();
        return dht.holepunch(peer, referrer).thenApply(path -> {
            double took = (System.nanoTime() - start) / 1e6;
            int probes = path instanceof PunchResult result ? result.probes() : 0;
            return Map.of("endpoint", path.endpoint().toString(), "path", path.path(), "ms", took, "probes", probes);
        });
    }

    /** Who is at an address, and where he sees us. */
    CompletableFuture<Map<String, ?>> who(Endpoint there) {
        return dht.request(there, Query.of(WHO, Key.ZERO)).thenApply(answer -> {
            Bytes value = answer.value();
            String[] words = (value == null ? "? ?" : value.utf8()).split(" ", 2);
            return Map.of("name", words[0], "seen", words[1]);
        });
    }

    CompletableFuture<Map<String, ?>> profile() {
        return puncher.profile().thenApply(LabNode::profile);
    }

    private static Map<String, ?> profile(NatProfile profile) {
        return Map.of(
                "kind", profile.kind(),
                "mapping", profile.mapping().name(),
                "filtering", profile.filtering().name(),
                "allocation", profile.allocation().name());
    }

    CompletableFuture<Map<String, ?>> stun(Endpoint server) {
        return puncher.stun(server).thenApply(seen -> Map.of("address", seen.toString()));
    }

    CompletableFuture<Map<String, ?>> close() {
        dht.close();
        return CompletableFuture.completedFuture(Map.of());
    }
}
