package org.dhtrpc.natlab;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What our nodes say of the NATs before them, beside what the laboratory's own classifier says. */
final class Kinds implements Suite {
    /** The classifier's words for ours. */
    private static final Map<String, String> WORDS = Map.of(
            "none", "NONE",
            "endpoint-independent", "ENDPOINT_INDEPENDENT",
            "address-dependent", "ADDRESS_DEPENDENT",
            "address-and-port-dependent", "ADDRESS_AND_PORT_DEPENDENT",
            "preserve", "PRESERVED",
            "preserve-partly", "PRESERVED",
            "sequential", "SEQUENTIAL",
            "random", "RANDOM",
            "unknown", "UNKNOWN");

    /** For how long, in seconds, a node may go on finding out. */
    private static final int PATIENCE = 15;

    @Override
    public Results run(Laboratory lab, Order order) {
        List<String> hosts = lab.privateHosts();
        Map<String, Integer> uses = new LinkedHashMap<>();
        hosts.forEach(host -> uses.put(host, 1));
        try (Fleet fleet = Fleet.start(lab, hosts)) {
            fleet.open(uses);
            CompletableFuture<Map<String, JsonObject>> probed =
                    CompletableFuture.supplyAsync(() -> probed(lab.run("probe", "--json")), Fleet.THREADS);
            Map<String, Member> members = new LinkedHashMap<>();
            hosts.forEach(host -> members.put(host, fleet.take(host)));
            Map<String, JsonObject> expected = Fleet.await(probed);
            order.progress().accept("The laboratory's classifier is done");
            List<CompletableFuture<Finding>> findings = hosts.stream()
                    .map(host -> CompletableFuture.supplyAsync(
                            () -> found(
                                    host + " (" + lab.type(host) + ")",
                                    expected.getOrDefault(host, new JsonObject()),
                                    members.getOrDefault(
                                            host, fleet.publicNodes().get(0))),
                            Fleet.THREADS))
                    .toList();
            return new Results(
                    order.config(),
                    List.of(),
                    findings.stream().map(Fleet::await).toList());
        }
    }

    /** What a node says of the NAT before it, as soon as it agrees, or after a while. */
    static Finding found(String name, JsonObject expected, Member member) {
        long start = System.nanoTime();
        Finding finding;
        do {
            finding = compared(name, expected, Fleet.await(member.profile()));
            Fleet.pause(Duration.ofMillis(250));
        } while (!finding.met() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE));
        return finding;
    }

    /** What {@code natlab probe --json} has printed, by host. */
    static Map<String, JsonObject> probed(String lines) {
        Map<String, JsonObject> probed = new LinkedHashMap<>();
        for (String line : lines.lines().toList()) {
            JsonObject each = JsonParser.parseString(line).getAsJsonObject();
            probed.put(each.get("host").getAsString(), each.getAsJsonObject("probe"));
        }
        return probed;
    }

    /** Whether both agree. What is not translated has no ports to allocate. */
    static Finding compared(String name, JsonObject expected, JsonObject profile) {
        StringBuilder detail = new StringBuilder();
        boolean same = true;
        for (String part : List.of("mapping", "filtering", "allocation")) {
            String theirs = word(expected, part);
            String ours = profile.get(part).getAsString();
            boolean known = !theirs.equals("NONE") || part.equals("mapping");
            same &= !known || theirs.equals(ours);
            detail.append(detail.length() == 0 ? "" : ", ").append(ours);
            if (known && !theirs.equals(ours)) {
                detail.append(" instead of ").append(theirs);
            }
        }
        return new Finding(name, same, profile.get("kind").getAsString() + "; " + detail);
    }

    private static String word(JsonObject probe, String part) {
        String word = probe.has(part) ? probe.get(part).getAsString() : "unknown";
        return WORDS.getOrDefault(word, word);
    }
}
