package io.opencrane.api.clustertenant;

import io.opencrane.api.projection.ProjectionOutcome;

/**
 * A change of a customer that took effect in the cluster.
 *
 * @param clusterTenant the customer after it; for a deletion the customer as last seen
 * @param projection what became of its audit entry
 */
public record ClusterTenantChange(ClusterTenant clusterTenant, ProjectionOutcome projection) {}
