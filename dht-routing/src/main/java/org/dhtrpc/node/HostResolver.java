package org.dhtrpc.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Turns a host name into addresses. Called on a thread of its own, where it may block. */
@FunctionalInterface
public interface HostResolver {
    /**
     * The addresses of a host, the preferred ones first.
     *
     * @throws UnknownHostException if there are none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** The platform's own resolver. */
    static HostResolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
