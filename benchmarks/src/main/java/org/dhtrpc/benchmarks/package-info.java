/** Measures what the library promises to be fast. */
@NullMarked
package org.dhtrpc.benchmarks;

import org.jspecify.annotations.NullMarked;
