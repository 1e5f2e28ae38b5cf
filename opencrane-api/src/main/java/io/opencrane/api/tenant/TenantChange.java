package io.opencrane.api.tenant;

import io.opencrane.api.projection.ProjectionOutcome;

/**
 * A change that took effect in the cluster.
 *
 * @param tenant the tenant after it; for a deletion the tenant as last seen
 * @param projection what became of its row
 */
public record TenantChange(Tenant tenant, ProjectionOutcome projection) {}
