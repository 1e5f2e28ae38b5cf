package io.opencrane.api.policy;

import io.opencrane.api.projection.ProjectionOutcome;

/**
 * A change of a policy that took effect in the cluster.
 *
 * @param policy the policy after it; for a deletion the policy as last seen
 * @param projection what became of its row and audit entry
 */
public record AccessPolicyChange(AccessPolicy policy, ProjectionOutcome projection) {}
