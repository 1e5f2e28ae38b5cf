/** Measures what users can feel, as DECISIONS says it is measured. Never asserted as a timed test. */
@NullMarked
package io.opencrane.benchmarks;

import org.jspecify.annotations.NullMarked;
