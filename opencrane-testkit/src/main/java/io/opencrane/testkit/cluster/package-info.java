/**
 * What a cluster must do, as tests to extend. They were written against a real API server, and both it and the fake pass them.
 */
@NullMarked
package io.opencrane.testkit.cluster;

import org.jspecify.annotations.NullMarked;
