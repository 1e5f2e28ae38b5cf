/**
 * The Tenant (contract §2): its model, what a host passes to create or change one, and {@link io.opencrane.api.tenant.TenantService}. No decision logic may go in.
 */
@NullMarked
package io.opencrane.api.tenant;

import org.jspecify.annotations.NullMarked;
