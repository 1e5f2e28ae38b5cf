/**
 * Which policy a tenant follows. Pure: no effect, no clock.
 */
@NullMarked
package io.opencrane.core.policy;

import org.jspecify.annotations.NullMarked;
