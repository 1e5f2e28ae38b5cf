package io.opencrane.testkit.fault;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;

/** How a call fails, as the real adapters report it. */
public enum Failure {
    /** The outside system answered with a 5xx or the connection broke: {@code UPSTREAM_ERROR}, a retry may help. */
    UPSTREAM_ERROR(ErrorCode.UPSTREAM_ERROR, "The outside system failed (simulated).", Retry.MAY_HELP),
    /** No answer in time: {@code TIMEOUT}, a retry may help. */
    TIMEOUT(ErrorCode.TIMEOUT, "No answer in time (simulated).", Retry.MAY_HELP),
    /** The credential is refused: {@code UNAUTHORIZED}, a retry is pointless. */
    UNAUTHORIZED(ErrorCode.UNAUTHORIZED, "The credential is not accepted (simulated).", Retry.POINTLESS),
    /** Not allowed: {@code FORBIDDEN}, a retry is pointless. */
    FORBIDDEN(ErrorCode.FORBIDDEN, "It is not allowed (simulated).", Retry.POINTLESS),
    /** Somebody else wrote first: {@code CONFLICT}; read again and decide. */
    CONFLICT(ErrorCode.CONFLICT, "It changed since it was read (simulated).", Retry.POINTLESS);

    private final ErrorCode code;
    private final String sentence;
    private final Retry retry;

    Failure(ErrorCode code, String sentence, Retry retry) {
        this.code = code;
        this.sentence = sentence;
        this.retry = retry;
    }

    OpenCraneException asException(String subject) {
        return new OpenCraneException(code, subject, sentence, retry, null);
    }
}
