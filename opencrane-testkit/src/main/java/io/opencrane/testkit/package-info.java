/**
 * What a host's own tests use instead of the outside world. This package holds the settable clock and the JUnit extension that wires a
 * whole instance; the cluster is in {@link io.opencrane.testkit.cluster}, failures on demand in {@link io.opencrane.testkit.fault}. No fake
 * and no thread of its own may go in: {@code @OpenCraneTest(liteLlm = true)} starts a fake LiteLLM, whose threads end with the test.
 */
@NullMarked
package io.opencrane.testkit;

import org.jspecify.annotations.NullMarked;
