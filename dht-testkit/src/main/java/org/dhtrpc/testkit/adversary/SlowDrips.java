package org.dhtrpc.testkit.adversary;

import java.time.Duration;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;

/**
 * Nodes whose every answer is honest, and late: just before whoever asked gives up, so that nothing counts against them.
 *
 * <p>A lookup that waits for each of its requests takes as long as its slowest peers like (slowloris, for a DHT). Against
 * them: who is late frees its place, is presumed silent long before the time-out, and holds up no end.
 *
 * <p>What is late leaves by the main socket of its host, also where a node would have answered by another.
 */
public final class SlowDrips implements Adversary {
    private final Duration delay;

    /** Those that answer after 4.8 s, where requests time out after 5. */
    public SlowDrips() {
        this(Duration.ofMillis(4_800));
    }

    /**
     * Those that answer so late.
     *
     * @param delay what the answer of a handler takes comes on top
     * @throws IllegalArgumentException unless it is 0 to 365 days
     */
    public SlowDrips(Duration delay) {
        this.delay = Beat.delay(delay);
    }

    @Override
    public void sending(Foothold host, Endpoint to, Message message) {
        if (message instanceof Reply) {
            host.loop().schedule(host.loop().nanoTime() + delay.toNanos(), () -> host.send(to, message));
        } else {
            host.send(to, message);
        }
    }
}
