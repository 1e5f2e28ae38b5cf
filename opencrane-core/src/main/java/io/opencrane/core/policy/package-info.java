/**
 * Which policy a tenant follows, and what that policy means for what the tenant reaches. Pure: no effect, no clock.
 */
@NullMarked
package io.opencrane.core.policy;

import org.jspecify.annotations.NullMarked;
