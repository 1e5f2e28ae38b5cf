/**
 * What the projection can hold and what it cannot: pure functions over rows. No SQL and no I/O.
 */
@NullMarked
package io.opencrane.core.projection;

import org.jspecify.annotations.NullMarked;
