package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;

/**
 * How often this node searches for a port of a host because it was invited to: somebody who says that he is a referrer can name any
 * host there. Two searches a minute for each; those of the latest hosts are remembered.
 */
final class Searches {
    static final int MOST_HOSTS = 256;

    private static final long MINUTE = 60_000_000_000L;
    private static final int A_MINUTE = 2;

    private final Map<Endpoint, Window> windows = new LinkedHashMap<>();

    private static final class Window {
        private final long begun;
        private int searches;

        Window(long begun) {
            this.begun = begun;
        }
    }

    /** Whether one more may begin; it has then. */
    boolean take(long now, Endpoint at) {
        Endpoint host = Endpoint.of(at.address(), 0);
        windows.values().removeIf(window -> now - window.begun >= MINUTE);
        Window window = windows.get(host);
        if (window == null) {
            if (windows.size() >= MOST_HOSTS) {
                // Whoever names so many hosts is not helped to one more.
                return false;
            }
            window = new Window(now);
            windows.put(host, window);
        }
        return window.searches++ < A_MINUTE;
    }

    int size() {
        return windows.size();
    }
}
