package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.ThreadLoop;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is broken between threads. Of each contract only the test is run that has to fail: most of these wait in vain. */
class BrokenThreadsTest {
    private static UnaryOperator<Transport> transportFault = sound -> sound;
    private static UnaryOperator<EventLoop> loopFault = sound -> sound;

    static Stream<Arguments> transports() {
        return Stream.of(
                broken(OtherThread::new, "T5_receives_are_serial_and_on_the_loop_which_is_always_the_same"),
                broken(BlocksInSend::new, "T6_sending_does_not_wait_for_a_receiver_that_does_not_read"),
                broken(OneSender::new, "T10_any_thread_sends"),
                broken(WaitsForTasks::new, "T11_close_waits_for_no_task"),
                broken(HoldsLock::new, "T17_no_lock_is_held_that_the_receiver_may_want"));
    }

    static Stream<Arguments> transportsOfBothFamilies() {
        return Stream.of(
                broken(OneFamily::new, "T15_a_socket_for_both_families_reports_IPv4_as_such"),
                broken(OneAddress::new, "T15_IPv6_works_like_IPv4"));
    }

    private static Arguments broken(UnaryOperator<Transport> fault, String test) {
        return arguments(fault, test);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("transports")
    void a_transport_fails(UnaryOperator<Transport> fault, String test) {
        transportFault = fault;
        assertThat(Verdict.of(Sockets.class, test)).isEqualTo(test.substring(0, test.indexOf('_')));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("transportsOfBothFamilies")
    void a_transport_of_both_families_fails(UnaryOperator<Transport> fault, String test) {
        assumeTrue(hasIPv6(), "this machine has no IPv6");
        a_transport_fails(fault, test);
    }

    private static boolean hasIPv6() {
        try (DatagramSocket probe = new DatagramSocket(Endpoint.parse("[::1]:0").toSocketAddress())) {
            return probe.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    static Stream<Arguments> loops() {
        return Stream.of(
                arguments((UnaryOperator<EventLoop>) TwoThreads::new, "E1_tasks_and_timers_run_one_at_a_time"),
                arguments((UnaryOperator<EventLoop>) EverywhereInLoop::new, "E8_inLoop_is_false_on_every_other_thread"),
                arguments(
                        (UnaryOperator<EventLoop>) BlocksInExecute::new,
                        "E11_handing_over_does_not_wait_for_the_task_that_is_running"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("loops")
    void a_loop_fails(UnaryOperator<EventLoop> fault, String test) {
        loopFault = fault;
        assertThat(Verdict.of(Loops.class, test)).isEqualTo(test.substring(0, test.indexOf('_')));
    }

    @Broken
    static class Sockets extends TransportContract {
        @Override
        protected Transport bind(InetAddress host) {
            return transportFault.apply(new SocketTransport(host, 0));
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(100);
        }
    }

    @Broken
    static class Loops extends EventLoopContract {
        @Override
        protected EventLoop start() {
            return loopFault.apply(ThreadLoop.start("loop"));
        }

        @Override
        protected void close(EventLoop ended) {
            ((ThreadLoop) ((DecoratedLoop) ended).real).close();
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(100);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class OtherThread extends Decorated {
        OtherThread(Transport real) {
            super(real);
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            Thread other = new Thread(() -> receiver.receive(from, datagram));
            other.start();
            join(other);
        }
    }

    private static final class BlocksInSend extends Decorated {
        private int sent;

        BlocksInSend(Transport real) {
            super(real);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            sent++;
            if (sent > 1_000) {
                awaitInterrupt();
            }
            super.send(to, datagram);
        }
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class OneSender extends Decorated {
        private final Thread owner = Thread.currentThread();

        OneSender(Transport real) {
            super(real);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            if (Thread.currentThread() == owner) {
                super.send(to, datagram);
            }
        }
    }

    private static final class WaitsForTasks extends Decorated {
        WaitsForTasks(Transport real) {
            super(real);
        }

        @Override
        public void close() {
            CountDownLatch turn = new CountDownLatch(1);
            loop().execute(turn::countDown);
            try {
                if (!Thread.currentThread().getName().equals("main")) {
                    turn.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            super.close();
        }
    }

    private static final class HoldsLock extends Decorated {
        HoldsLock(Transport real) {
            super(real);
        }

        @Override
        public synchronized void send(Endpoint to, ByteBuffer datagram) {
            super.send(to, datagram);
        }

        @Override
        public synchronized void close() {
            super.close();
        }
    }

    private static final class OneFamily extends Decorated {
        OneFamily(Transport real) {
            super(real);
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            if (from.isIPv4() == localAddress().isIPv4()) {
                receiver.receive(from, datagram);
            }
        }
    }

    private static final class OneAddress extends Decorated {
        OneAddress(Transport real) {
            super(real);
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            receiver.receive(Endpoint.parse("127.0.0.1:" + from.port()), datagram);
        }
    }

    private static final class TwoThreads extends DecoratedLoop {
        private final ThreadLoop other = ThreadLoop.start("other");

        TwoThreads(EventLoop real) {
            super(real);
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            return other.schedule(other.nanoTime() + deadline - nanoTime(), task);
        }
    }

    private static final class EverywhereInLoop extends DecoratedLoop {
        EverywhereInLoop(EventLoop real) {
            super(real);
        }

        @Override
        public boolean inLoop() {
            return true;
        }
    }

    private static final class BlocksInExecute extends DecoratedLoop {
        private final Object running = new Object();

        BlocksInExecute(EventLoop real) {
            super(real);
        }

        @Override
        public void execute(Runnable task) {
            synchronized (running) {
                super.execute(() -> {
                    synchronized (running) {
                        task.run();
                    }
                });
            }
        }
    }
}
