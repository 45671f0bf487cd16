package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import java.lang.System.Logger.Level;
import java.time.Duration;
import org.dhtrpc.spi.IdPolicy;
import org.junit.jupiter.api.Test;

/** Nobody can fill our log by having us fail. */
@SuppressWarnings("DirectInvocationOnMock")
class ProblemsTest {
    private final System.Logger log = mock(System.Logger.class);
    private final HandLoop loop = new HandLoop();
    private final Problems problems = new Problems(log, loop::nanoTime);
    private final RuntimeException cause = new IllegalStateException("broken");

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            problems.report("failed", cause);
        }
    }

    @Test
    void the_first_problems_are_logged_with_what_was_thrown() {
        fail(1_000);

        verify(log, times(Problems.FIRST)).log(Level.WARNING, "failed", cause);
        verifyNoMoreInteractions(log);
    }

    @Test
    void from_then_on_one_a_minute_is_logged_and_says_how_many_there_were_besides() {
        fail(1_000);
        loop.pass(Duration.ofMinutes(1));
        fail(500);
        verify(log).log(Level.WARNING, "failed (and 990 more problems)", cause);

        loop.pass(Duration.ofSeconds(59));
        fail(1);
        verify(log, times(Problems.FIRST + 1)).log(eq(Level.WARNING), anyString(), any(Throwable.class));

        loop.pass(Duration.ofSeconds(1));
        fail(1);
        verify(log).log(Level.WARNING, "failed (and 500 more problems)", cause);
    }

    @Test
    void an_address_filter_and_an_id_policy_that_throw_share_it() {
        GuardedFilter filter = new GuardedFilter(
                endpoint -> {
                    throw cause;
                },
                problems);
        IdPolicy broken = mock(IdPolicy.class);
        when(broken.accept(any(), any())).thenThrow(cause);
        GuardedIdPolicy policy = new GuardedIdPolicy(broken, problems);
        for (int i = 0; i < 1_000; i++) {
            assertThat(filter.test(NodeBench.PEER)).isFalse();
            assertThat(policy.accept(NodeBench.PEER_ID, NodeBench.PEER)).isFalse();
        }

        verify(log, times(Problems.FIRST)).log(eq(Level.WARNING), anyString(), eq(cause));
        verifyNoMoreInteractions(log);
    }
}
