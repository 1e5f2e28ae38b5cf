package io.opencrane.api.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every failure of the library. Its message reads {@code CODE: sentence (subject)} and never holds a secret. An outside exception is
 * its cause, never thrown itself.
 */
public class OpenCraneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The stable code. */
    private final ErrorCode code;

    /** What the failure is about. */
    private final String subject;

    /** Whether calling again can help. */
    private final Retry retry;

    /** Whether calling again, unchanged, can help. */
    public enum Retry {
        /** The same call will fail the same way. */
        POINTLESS,
        /** The cause may pass; every operation of this library may be repeated. */
        MAY_HELP
    }

    /**
     * A failure with the outside exception behind it.
     *
     * @param code the stable code
     * @param subject what it is about, for example {@code Tenant opencrane/acme} or {@code LITELLM_ENDPOINT}
     * @param sentence what happened and what to do, without secrets
     * @param retry whether calling again can help
     * @param cause the outside exception or null
     */
    public OpenCraneException(ErrorCode code, String subject, String sentence, Retry retry, @Nullable Throwable cause) {
        super(code + ": " + sentence + " (" + subject + ")", cause);
        this.code = Objects.requireNonNull(code, "code");
        this.subject = Objects.requireNonNull(subject, "subject");
        this.retry = Objects.requireNonNull(retry, "retry");
    }

    /**
     * A failure that calling again will not mend.
     *
     * @param code the stable code
     * @param subject what it is about
     * @param sentence what happened and what to do, without secrets
     */
    public OpenCraneException(ErrorCode code, String subject, String sentence) {
        this(code, subject, sentence, Retry.POINTLESS, null);
    }

    /**
     * The stable code.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * What the failure is about.
     *
     * @return for example {@code Tenant opencrane/acme}
     */
    public String subject() {
        return subject;
    }

    /**
     * Whether calling again, unchanged, can help.
     *
     * @return true for passing failures
     */
    public boolean isRetryable() {
        return retry == Retry.MAY_HELP;
    }
}
