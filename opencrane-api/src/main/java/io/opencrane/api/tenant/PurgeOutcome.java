package io.opencrane.api.tenant;

/** What became of a tenant's state volume and encryption key when their purge was asked for. */
public enum PurgeOutcome {
    /** The tenant is being deleted, and the operator that cleans up after it deletes them too. */
    WITH_THE_TENANT,
    /** The tenant was gone; they were deleted now. */
    DONE,
    /** The tenant was gone, and there was nothing of it in the namespaces of the scope. */
    NOTHING_LEFT
}
