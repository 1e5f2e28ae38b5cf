package io.opencrane.api.projection;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceKind;

/**
 * Compares the projection with the cluster and mends it; the custom resources always win (invariant 1). Blocking, thread-safe.
 *
 * <p>Every call fails with {@code DEPENDENCY_NOT_CONFIGURED} on a host without a projection, with {@code VALIDATION_ERROR} for a kind
 * that is not projected, and with {@code UPSTREAM_ERROR} or {@code TIMEOUT} when one side cannot be read.
 */
public interface ProjectionService {
    /**
     * Compares both sides and writes nothing.
     *
     * @param kind {@link ResourceKind#TENANT} or {@link ResourceKind#ACCESS_POLICY} in this release
     * @return what differs
     * @throws OpenCraneException see the type's description
     */
    DriftReport drift(ResourceKind kind);

    /**
     * Compares both sides and brings the rows in line with the custom resources. Rows that cannot be mapped and rows without a custom
     * resource are skipped by name; a newer row is never overwritten by an older read.
     *
     * @param kind {@link ResourceKind#TENANT} or {@link ResourceKind#ACCESS_POLICY} in this release
     * @param mode whether to write
     * @return what was or would be done
     * @throws OpenCraneException see the type's description
     */
    RepairReport repair(ResourceKind kind, RepairMode mode);
}
