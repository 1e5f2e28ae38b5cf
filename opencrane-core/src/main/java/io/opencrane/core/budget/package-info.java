/**
 * The life of a tenant's model key: made by us, recorded before it is used, revoked before it is forgotten (invariant 6). The order of
 * effects lives here; where the record is kept and who the gateway is come through ports.
 */
@NullMarked
package io.opencrane.core.budget;

import org.jspecify.annotations.NullMarked;
