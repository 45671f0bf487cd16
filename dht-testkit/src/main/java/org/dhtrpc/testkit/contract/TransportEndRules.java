package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;

/** The end of a transport: what is received no more, what is free again, and who is told. */
abstract class TransportEndRules extends TransportUnderTest {
    @Test
    void T11_nothing_is_received_after_close() {
        a.open(inbox);
        on(a.loop(), () -> {
            // It is on its way, or waits in the system, when a is closed.
            b.send(a.localAddress(), datagram("too late"));
            a.close();
            return true;
        });
        settle();
        assertThat(inbox.mail).isEmpty();
    }

    @Test
    void T11_no_receive_begins_once_close_has_returned_on_another_thread() {
        needsThreads();
        for (int round = 0; round < 20; round++) {
            Transport flooded = bound();
            AtomicBoolean closed = new AtomicBoolean();
            AtomicInteger late = new AtomicInteger();
            AtomicInteger received = new AtomicInteger();
            flooded.open((from, datagram) -> {
                if (closed.get()) {
                    late.incrementAndGet();
                }
                flooded.send(flooded.localAddress(), datagram.duplicate());
                flooded.send(flooded.localAddress(), datagram);
                received.incrementAndGet();
            });
            flooded.send(flooded.localAddress(), datagram("flood"));
            until("datagrams have come", () -> received.get() > 10);
            flooded.close();
            closed.set(true);
            settle();
            assertThat(late).hasValue(0);
        }
    }

    @Test
    void T11_a_receiver_may_close_its_transport_and_gets_nothing_more() {
        a.open(new Inbox() {
            @Override
            public void receive(Endpoint from, ByteBuffer datagram) {
                inbox.receive(from, datagram);
                a.close();
            }
        });
        on(a.loop(), () -> {
            // They arrive together: the receiver is busy with the first when the others are there.
            for (int i = 0; i < 5; i++) {
                b.send(a.localAddress(), datagram("burst"));
            }
            return true;
        });
        take(inbox);
        settle();
        assertThat(inbox.mail).isEmpty();
    }

    @Test
    void T11_close_waits_for_no_task() {
        needsThreads();
        a.open(inbox);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean busy = new AtomicBoolean();
        a.loop().execute(() -> {
            busy.set(true);
            awaitUninterruptibly(release);
        });
        until("a task runs", busy::get);
        try {
            unblocked("close", a::close);
        } finally {
            release.countDown();
        }
    }

    @Test
    void T11_after_close_send_drops_and_close_does_nothing() {
        b.open(inbox);
        a.close();
        a.close();
        a.send(b.localAddress(), datagram("from the grave"));
        bound().send(b.localAddress(), datagram("marker"));
        assertThat(takeUntil(inbox, "marker")).isEmpty();
    }

    @Test
    void T12_the_port_is_free_when_close_returns() {
        for (int i = 0; i < 20; i++) {
            Transport transport = bound();
            if (i % 2 == 0) {
                transport.open(new Inbox());
            }
            transport.close();
            assertThat(isFree(transport.localAddress())).as("the port is free").isTrue();
        }
    }

    @Test
    void T12_the_port_is_free_when_close_returns_inside_a_receive() {
        List<Boolean> free = new CopyOnWriteArrayList<>();
        a.open((from, datagram) -> {
            a.close();
            free.add(isFree(a.localAddress()));
        });
        b.send(a.localAddress(), datagram("close"));
        until("a datagram has come", () -> !free.isEmpty());
        assertThat(free).containsExactly(true);
    }

    @Test
    void T17_the_receiver_is_told_once_before_close_returns() {
        Inbox refused = new Inbox();
        a.open(inbox);
        assertThatThrownBy(() -> a.open(refused)).isInstanceOf(IllegalStateException.class);
        assertThat(inbox.ends).isEmpty();
        a.close();
        assertThat(inbox.ends).containsExactly(Thread.currentThread());
        a.close();
        assertThat(inbox.ends).hasSize(1);
        assertThat(refused.ends).as("told though it was refused").isEmpty();
    }

    @Test
    void T17_the_receiver_is_told_after_the_last_receive() {
        needsThreads();
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicBoolean receiving = new AtomicBoolean();
        a.open(new Inbox() {
            @Override
            public void receive(Endpoint from, ByteBuffer datagram) {
                receiving.set(true);
                for (int i = 0; i < 100_000; i++) {
                    Thread.onSpinWait();
                }
                seen.add("received");
            }

            @Override
            public void closed() {
                seen.add("closed");
            }
        });
        b.send(a.localAddress(), datagram("last"));
        until("a datagram is being received", receiving::get);
        a.close();
        assertThat(seen).containsExactly("received", "closed");
    }

    @Test
    void T17_a_receiver_that_closes_its_transport_is_told_inside_its_receive() {
        List<String> seen = new CopyOnWriteArrayList<>();
        a.open(new Inbox() {
            @Override
            public void receive(Endpoint from, ByteBuffer datagram) {
                a.close();
                seen.add("received");
            }

            @Override
            public void closed() {
                seen.add("closed");
            }
        });
        b.send(a.localAddress(), datagram("close"));
        until("a datagram has come", () -> seen.contains("received"));
        assertThat(seen).containsExactly("closed", "received");
    }

    @Test
    void T17_what_a_receiver_throws_when_it_is_told_is_no_concern_of_whoever_closes() {
        Inbox failing = new Inbox() {
            @Override
            public void closed() {
                super.closed();
                throw new Boom();
            }
        };
        a.open(failing);
        assertThatCode(a::close).doesNotThrowAnyException();
        assertThat(failing.ends).hasSize(1);
    }

    @Test
    void T17_no_lock_is_held_that_the_receiver_may_want() {
        needsThreads();
        Endpoint to = b.localAddress();
        AtomicBoolean told = new AtomicBoolean();
        a.open(new Inbox() {
            @Override
            public void closed() {
                unblocked("another thread's send and close", () -> {
                    a.send(to, datagram("dropped"));
                    a.close();
                });
                told.set(true);
            }
        });
        a.close();
        assertThat(told).isTrue();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
