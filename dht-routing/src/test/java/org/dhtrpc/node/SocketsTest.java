package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two sockets, one of which is somebody else's to make. */
@SuppressWarnings("DirectInvocationOnMock")
class SocketsTest {
    private static final Transport.Receiver RECEIVER = (from, datagram) -> {};

    private final System.Logger log = mock(System.Logger.class);
    private final Transport main = mock(Transport.class);
    private final Transport second = mock(Transport.class);
    private final CompletableFuture<@Nullable Transport> made = new CompletableFuture<>();
    private final Sockets sockets = new Sockets(main, new Problems(log, () -> 0));
    private final HandLoop loop = new HandLoop();
    private final List<Boolean> opened = new ArrayList<>();
    private final ByteBuffer datagram = ByteBuffer.allocate(1);

    @SuppressWarnings({"unchecked", "NullAway"})
    private void open() {
        when(main.loop()).thenReturn(loop);
        when(main.localAddress()).thenReturn(NodeBench.OURS);
        when(main.sibling()).thenReturn((CompletableFuture<Transport>) (CompletableFuture<?>) made);
        sockets.openSibling(RECEIVER, opened::add);
    }

    private void reported() {
        verify(log).log(eq(Level.WARNING), contains("No second socket beside " + NodeBench.OURS), any(Throwable.class));
        assertThat(opened).containsExactly(false);
    }

    @Test
    void what_is_to_leave_from_the_sibling_leaves_from_there() {
        open();
        made.complete(second);
        verify(second).open(RECEIVER);
        assertThat(opened).containsExactly(true);
        sockets.send(NodeBench.PEER, datagram, true);
        verify(second).send(NodeBench.PEER, datagram);
        sockets.send(NodeBench.PEER, datagram, false);
        verify(main).send(NodeBench.PEER, datagram);
        verifyNoInteractions(log);
    }

    @Test
    void where_there_is_none_all_leaves_from_the_main_one_and_the_log_says_so() {
        open();
        made.completeExceptionally(new UnsupportedOperationException("no siblings"));
        reported();
        sockets.send(NodeBench.PEER, datagram, true);
        verify(main).send(NodeBench.PEER, datagram);
    }

    @Test
    void one_that_cannot_be_opened_is_none_and_is_closed() {
        doThrow(new IllegalStateException("open already")).when(second).open(any());
        open();
        made.complete(second);
        reported();
        verify(second).close();
        sockets.send(NodeBench.PEER, datagram, true);
        verify(main).send(NodeBench.PEER, datagram);
    }

    @Test
    void a_transport_that_throws_or_makes_nothing_has_none() {
        open();
        made.complete(null);
        reported();

        opened.clear();
        when(main.sibling()).thenThrow(new IllegalStateException("sibling"));
        sockets.openSibling(RECEIVER, opened::add);
        assertThat(opened).containsExactly(false);
    }

    @Test
    void both_are_closed() {
        open();
        made.complete(second);
        sockets.close();
        verify(second).close();
        verify(main).close();
    }

    @Test
    void one_that_is_made_after_the_end_is_closed_and_nobody_needs_to_know() {
        open();
        sockets.close();
        made.complete(second);
        verify(second).close();
        verify(second, never()).open(any());
        assertThat(opened).containsExactly(false);
        verifyNoInteractions(log);
    }
}
