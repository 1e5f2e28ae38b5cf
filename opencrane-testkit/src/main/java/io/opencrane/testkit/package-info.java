/**
 * What a host's own tests use instead of the outside world. This package holds the settable clock; the cluster is in
 * {@link io.opencrane.testkit.cluster}, failures on demand in {@link io.opencrane.testkit.fault}. Nothing here starts a thread.
 */
@NullMarked
package io.opencrane.testkit;

import org.jspecify.annotations.NullMarked;
