package org.dhtrpc.natlab;

import com.google.gson.JsonObject;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;

/** STUN clients of others ask our node, and our nodes ask a STUN server of others: coturn's, and the classic one of RFC 3489. */
final class StunInterop implements Suite {
    private static final List<String> PROGRAMS =
            List.of("turnserver", "turnutils_stunclient", "turnutils_natdiscovery", "stun");

    /** Where coturn's server runs. */
    private static final String SERVER = "turn";

    private static final int STUN_PORT = 3_478;
    private static final Pattern REFLEXIVE = Pattern.compile("UDP reflexive addr: (\\S+)");
    private static final Pattern MAPPED = Pattern.compile("mappedAddr=(\\S+)");

    @Override
    public Results run(Laboratory lab, Order order) {
        List<String> missing =
                PROGRAMS.stream().filter(each -> !installed(each)).toList();
        if (!missing.isEmpty()) {
            String what = "Debian's coturn and stun-client are needed; missing: " + String.join(", ", missing);
            return new Results(
                    order.config(), List.of(), List.of(new Finding("skipped", System.getenv("CI") == null, what)));
        }
        List<Endpoint> server = serve(lab);
        List<String> hosts = lab.privateHosts();
        Map<String, Integer> uses = new LinkedHashMap<>();
        hosts.forEach(host -> uses.put(host, 1));
        try (Fleet fleet = Fleet.start(lab, hosts)) {
            fleet.open(uses);
            Map<String, Member> alone = new LinkedHashMap<>();
            hosts.forEach(host -> alone.put(host, fleet.host(host).openAlone(LabNode.ANY, 0, server)));
            Map<String, JsonObject> kinds = Kinds.probed(lab.run("probe", "--json"));
            Endpoint ours = fleet.referrer("p2");
            List<Supplier<Finding>> checks = new ArrayList<>();
            for (String host : Stream.concat(Stream.of("p3"), hosts.stream()).toList()) {
                boolean open = host.equals("p3");
                String seen = open ? lab.address(host) : lab.publicAddress(host);
                checks.add(() -> binding(lab, host, ours, seen));
                checks.add(() -> classic(lab, host, ours, seen));
                checks.add(() -> discovery(lab, host, ours, seen, open ? "open" : lab.type(host)));
            }
            for (String host : hosts) {
                checks.add(() -> asked(fleet.take(host), server, lab.publicAddress(host)));
                checks.add(() -> Kinds.found(
                        "our profile() with turnserver alone, on " + host,
                        kinds.getOrDefault(host, new JsonObject()),
                        alone.getOrDefault(host, fleet.publicNodes().get(0))));
            }
            List<CompletableFuture<Finding>> running = checks.stream()
                    .map(each -> CompletableFuture.supplyAsync(each, Fleet.THREADS))
                    .toList();
            return new Results(
                    order.config(),
                    List.of(),
                    running.stream().map(Fleet::await).toList());
        }
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(directory -> new File(directory, program).canExecute());
    }

    /** Starts coturn's server on two addresses; it ends with the laboratory. */
    private static List<Endpoint> serve(Laboratory lab) {
        List<String> addresses = lab.addresses(SERVER);
        lab.run(
                "spawn",
                SERVER,
                "turnserver",
                "-n",
                "--listening-ip",
                addresses.get(0),
                "--listening-ip",
                addresses.get(1),
                "--stun-only",
                "--no-tls",
                "--no-dtls",
                "--no-cli",
                "--log-file",
                "stdout",
                "--pidfile",
                "/dev/null");
        return addresses.stream()
                .map(each -> Endpoint.parse(each + ":" + STUN_PORT))
                .toList();
    }

    /** RFC 8489. */
    private static Finding binding(Laboratory lab, String host, Endpoint ours, String seen) {
        Laboratory.Output output = lab.exec(host, 10, "turnutils_stunclient", "-p", port(ours), address(ours));
        return new Finding(
                "turnutils_stunclient on " + host + " asks our node",
                output.status() == 0 && hosts(REFLEXIVE, output.text()).equals(List.of(seen)),
                "status " + output.status() + ", seen at " + first(REFLEXIVE, output.text()));
    }

    /** RFC 3489. */
    private static Finding classic(Laboratory lab, String host, Endpoint ours, String seen) {
        Laboratory.Output output = lab.exec(host, 10, "stun", ours.toString(), "1", "-v");
        return new Finding(
                "stun (RFC 3489) on " + host + " asks our node",
                hosts(MAPPED, output.text()).equals(List.of(seen))
                        && output.text().contains("ok=1"),
                "seen at " + first(MAPPED, output.text()));
    }

    /** RFC 5780, for which a server needs two addresses: a node, which has one, must not let its client draw wrong conclusions. */
    private static Finding discovery(Laboratory lab, String host, Endpoint ours, String seen, String type) {
        Laboratory.Output output =
                lab.exec(host, 40, "turnutils_natdiscovery", "-m", "-f", "-p", port(ours), address(ours));
        String text = output.text();
        boolean dependent = type.startsWith("symmetric");
        boolean lax = type.equals("full-cone") || type.equals("open");
        boolean wrong = (text.contains("Endpoint Independent Mapping") && dependent)
                || (text.contains("Endpoint Independent Filtering") && !lax);
        String concluded =
                text.lines().filter(line -> line.contains("NAT with")).reduce("", (all, line) -> all + " " + line);
        return new Finding(
                "turnutils_natdiscovery on " + host + " asks our node",
                !wrong && hosts(REFLEXIVE, text).contains(seen),
                concluded.isEmpty() ? "it concludes nothing" : concluded.strip());
    }

    private static Finding asked(Member member, List<Endpoint> server, String seen) {
        StringBuilder detail = new StringBuilder();
        boolean met = true;
        for (Endpoint each : server) {
            try {
                Endpoint at = Fleet.await(member.stun(each));
                met &= address(at).equals(seen);
                detail.append(detail.length() == 0 ? "seen at " : ", ").append(at);
            } catch (PeerException e) {
                met = false;
                detail.append(' ').append(e.getMessage());
            }
        }
        return new Finding("our stun() on " + member.host().name + " asks turnserver", met, detail.toString());
    }

    private static String port(Endpoint endpoint) {
        return String.valueOf(endpoint.port());
    }

    private static String address(Endpoint endpoint) {
        return endpoint.toString().replaceFirst(":\\d+$", "");
    }

    /** The addresses that a program has printed, without their ports, each once. */
    static List<String> hosts(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1).replaceFirst(":\\d+$", ""))
                .distinct()
                .toList();
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "nowhere";
    }
}
