package org.dhtrpc.holepunch;

import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The router that leads out of our network, by IPv4: the default route where the system shows it in a file, as Linux does; else the
 * first address of a private network that we are in is the guess. Looks at the system, without a name server; takes about a
 * millisecond.
 *
 * @param router its address, with port 0
 * @param client ours in its network, with port 0
 */
record Gateway(Endpoint router, Endpoint client) {
    private static final Path ROUTES = Path.of("/proc/net/route");
    private static final int LEADS_OUT = 3;

    /**
     * One of our addresses.
     *
     * @param address with port 0
     * @param prefix how many of its bits are its network's
     */
    record Local(Endpoint address, int prefix) {
        boolean neighbour(Endpoint other) {
            int differing = number(address) ^ number(other);
            return address.isIPv4() && other.isIPv4() && (prefix == 0 || differing >>> (32 - prefix) == 0);
        }
    }

    /**
     * Looks for it.
     *
     * @param local what the node's socket is bound to
     * @return null if there is none that can be reached from there
     */
    static @Nullable Gateway find(Endpoint local) {
        return find(local, routes(), locals());
    }

    /** Our addresses, but for those of the loopback and the link-local ones, in the order of the interfaces. */
    static List<Local> locals() {
        List<Local> locals = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback()) {
                    for (InterfaceAddress address : each.getInterfaceAddresses()) {
                        if (!address.getAddress().isLinkLocalAddress()) {
                            Endpoint endpoint = Endpoint.of(address.getAddress().getAddress(), 0);
                            locals.add(new Local(endpoint, address.getNetworkPrefixLength()));
                        }
                    }
                }
            }
        } catch (SocketException e) {
            // A system that does not tell has none.
            return List.of();
        }
        return locals;
    }

    private static List<String> routes() {
        try {
            return Files.readAllLines(ROUTES);
        } catch (IOException e) {
            // Not Linux, or none of our business.
            return List.of();
        }
    }

    static @Nullable Gateway find(Endpoint local, List<String> routes, List<Local> locals) {
        List<Local> ours = locals.stream()
                .filter(one -> local.isWildcard() || Scope.sameHost(one.address, local))
                .toList();
        Optional<Endpoint> router = routes.stream()
                .map(Gateway::read)
                .flatMap(Optional::stream)
                .min(Comparator.comparingInt(Route::metric))
                .map(Route::router);
        for (Local one : ours) {
            if (router.isPresent() && one.neighbour(router.get()) && !Scope.sameHost(one.address, router.get())) {
                return new Gateway(router.get(), one.address);
            }
        }
        return router.isPresent() || !routes.isEmpty() ? null : guess(ours);
    }

    private static @Nullable Gateway guess(List<Local> ours) {
        for (Local one : ours) {
            Endpoint address = one.address;
            if (address.isIPv4() && Scope.isPrivate(address) && one.prefix <= 30 && one.prefix > 0) {
                int network = number(address) & -1 << (32 - one.prefix);
                Endpoint first =
                        Endpoint.of(ByteBuffer.allocate(4).putInt(network + 1).array(), 0);
                if (!Scope.sameHost(first, address)) {
                    return new Gateway(first, address);
                }
            }
        }
        return null;
    }

    private record Route(Endpoint router, int metric) {}

    /** A line of the kernel's table: the interface, then destination, gateway, flags … metric, mask, in hexadecimal digits. */
    private static Optional<Route> read(String line) {
        String[] words = line.trim().split("\\s+", -1);
        try {
            boolean everywhere = words.length > 7 && number(words[1]) == 0 && number(words[7]) == 0;
            if (!everywhere || (number(words[3]) & LEADS_OUT) != LEADS_OUT) {
                return Optional.empty();
            }
            // Addresses are as they lie in memory.
            ByteBuffer address = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
            address.putInt(number(words[2]));
            return Optional.of(new Route(Endpoint.of(address.array(), 0), Integer.parseInt(words[6])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int number(String hexadecimal) {
        return Integer.parseUnsignedInt(hexadecimal, 16);
    }

    private static int number(Endpoint address) {
        return (int) address.lowBits();
    }
}
