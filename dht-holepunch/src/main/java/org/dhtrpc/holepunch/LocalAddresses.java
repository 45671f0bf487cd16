package org.dhtrpc.holepunch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.dhtrpc.Endpoint;

/** At which addresses of this machine a socket is reached. */
final class LocalAddresses {
    private static final int MOST = 4;

    private LocalAddresses() {}

    /** The address itself; if it is the wildcard, those of the interfaces that lead out, at most four. */
    static List<Endpoint> of(Endpoint bound) {
        if (!bound.isWildcard()) {
            return List.of(bound);
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(LocalAddresses::leadsOut)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .map(InetAddress::getAddress)
                    .filter(address -> address.length == 4 == bound.isIPv4())
                    .map(address -> Endpoint.of(address, bound.port()))
                    .limit(MOST)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            // Peers in our own network are not told of it then.
            return List.of();
        }
    }

    private static boolean leadsOut(NetworkInterface some) {
        try {
            return some.isUp() && !some.isLoopback();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
