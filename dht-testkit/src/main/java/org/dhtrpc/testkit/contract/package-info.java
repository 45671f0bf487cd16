/**
 * The contracts of {@link org.dhtrpc.spi} as tests. Whoever writes a {@link org.dhtrpc.spi.Transport}, a
 * {@link org.dhtrpc.spi.Codec}, an {@link org.dhtrpc.spi.EventLoop} or an {@link org.dhtrpc.spi.IdPolicy} extends the
 * class of that name and says how to make one. Each test is named for its rule in {@code docs/spi/}.
 *
 * <p>This package needs JUnit Jupiter and AssertJ, which are the user's to bring: both are optional dependencies. Rules that
 * are optional, or that the thing under test cannot have, are skipped, and the report says why. A tag tells those that
 * are {@code optional} and those that are {@code stochastic} from the rest.
 */
package org.dhtrpc.testkit.contract;
