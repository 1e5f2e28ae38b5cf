package io.opencrane.litellm;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A failure at LiteLLM, with what only the retry loop needs to know: how long LiteLLM asked to be left alone. */
final class LiteLlmException extends OpenCraneException {
    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final @Nullable Duration retryAfter;
    private final boolean unasked;

    private LiteLlmException(
            ErrorCode code,
            String subject,
            String sentence,
            Retry retry,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            boolean unasked) {
        super(code, subject, sentence, retry, cause);
        this.sentence = sentence;
        this.retryAfter = retryAfter;
        this.unasked = unasked;
    }

    /** The same call will fail the same way. */
    static LiteLlmException lasting(ErrorCode code, String subject, String sentence) {
        return new LiteLlmException(code, subject, sentence, Retry.POINTLESS, null, null, false);
    }

    /** The cause may pass. */
    static LiteLlmException passing(ErrorCode code, String subject, String sentence, @Nullable Throwable cause) {
        return new LiteLlmException(code, subject, sentence, Retry.MAY_HELP, cause, null, false);
    }

    /** The cause will pass, but not before the time LiteLLM named. */
    static LiteLlmException throttled(String subject, String sentence, @Nullable Duration retryAfter) {
        return new LiteLlmException(
                ErrorCode.UPSTREAM_ERROR, subject, sentence, Retry.MAY_HELP, null, retryAfter, false);
    }

    String sentence() {
        return sentence;
    }

    /** Told again of another subject, without LiteLLM having been asked. */
    LiteLlmException repeated(String subject) {
        return new LiteLlmException(code(), subject, sentence, Retry.MAY_HELP, null, null, true);
    }

    /** The same, once it did not pass. */
    LiteLlmException asLasting() {
        return new LiteLlmException(code(), subject(), sentence, Retry.POINTLESS, getCause(), null, false);
    }

    /** Whether LiteLLM was not asked at all, so that asking again at once is as pointless. */
    boolean isUnasked() {
        return unasked;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
