/**
 * Model keys, budgets and spend: a key is made by us, recorded before it is used and revoked before it is forgotten (invariant 6); what
 * drifted is found and mended. The order of effects lives here; where records are kept and who the gateway is come through ports, and a
 * raw key leaves this package through them only.
 */
@NullMarked
package io.opencrane.core.budget;

import org.jspecify.annotations.NullMarked;
