package io.opencrane.api.error;

/**
 * The stable codes of every failure (contract §6, DECISIONS 42). A code never changes its meaning; new ones may come.
 */
public enum ErrorCode {
    /** The input is refused, by a {@link ValidationException} whose {@link ValidationException#problems()} lists everything wrong with it. */
    VALIDATION_ERROR(400),
    /** The caller is not known, or its credential is refused. */
    UNAUTHORIZED(401),
    /** The caller is known and not allowed. */
    FORBIDDEN(403),
    /** There is no such tenant. */
    TENANT_NOT_FOUND(404),
    /** There is no such cluster tenant. */
    CLUSTER_TENANT_NOT_FOUND(404),
    /** There is no such access policy. */
    POLICY_NOT_FOUND(404),
    /** There is no such object of another kind. */
    NOT_FOUND(404),
    /** The object changed since it was read, or somebody else owns a field; read again and decide. */
    CONFLICT(409),
    /** An object of this name exists and is not what was asked for. */
    ALREADY_EXISTS(409),
    /** Something still uses the object. */
    IN_USE(409),
    /** The object is on its way out; the same call works once it is gone. */
    BEING_DELETED(409),
    /** A derived object name belongs to somebody else. */
    NAME_TAKEN(409),
    /** The host name is held by another tenant. */
    HOST_TAKEN(409),
    /** A continued read is too old to go on; start it again. */
    EXPIRED(410),
    /** The payload is larger than the receiver takes. */
    PAYLOAD_TOO_LARGE(413),
    /** The payload's media type is not understood. */
    UNSUPPORTED_MEDIA_TYPE(415),
    /** No provisioner offers the isolation tier. */
    TIER_UNAVAILABLE(422),
    /** A list without a projection would read more than is safe; narrow it or configure a projection. */
    LIST_TOO_LARGE(422),
    /** The tenant's state would be left behind; see the message for the ways to move it. */
    MOVE_NEEDS_STATE_PLAN(422),
    /** A derived object name would be longer than Kubernetes takes. */
    NAME_TOO_LONG(422),
    /** A bug or an impossible answer; the message says which. */
    INTERNAL(500),
    /** The encryption key of existing state is gone; nothing was touched. */
    ENCRYPTION_KEY_LOST(500),
    /** The state volume is gone although there was one; nothing was made in its place. */
    STATE_LOST(500),
    /** An outside system failed or could not be reached. */
    UPSTREAM_ERROR(502),
    /** The call needs a part that this host did not configure. */
    DEPENDENCY_NOT_CONFIGURED(503),
    /** An outside system did not answer in time; whether it acted is unknown. */
    TIMEOUT(504);

    private final int httpStatus;

    ErrorCode(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    /**
     * The HTTP status a host answers with.
     *
     * @return 400 to 599
     */
    public int httpStatus() {
        return httpStatus;
    }
}
