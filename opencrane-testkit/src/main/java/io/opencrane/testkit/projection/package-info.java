/**
 * A projection in memory, and the contract tests that it and every other {@link io.opencrane.core.port.ProjectionStore} pass. No SQL.
 */
@NullMarked
package io.opencrane.testkit.projection;

import org.jspecify.annotations.NullMarked;
