package io.opencrane.litellm;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A failure at LiteLLM, with what only the retry loop needs to know: how long LiteLLM asked to be left alone. */
final class LiteLlmException extends OpenCraneException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    private LiteLlmException(
            ErrorCode code,
            String subject,
            String sentence,
            Retry retry,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter) {
        super(code, subject, sentence, retry, cause);
        this.retryAfter = retryAfter;
    }

    /** The same call will fail the same way. */
    static LiteLlmException lasting(ErrorCode code, String subject, String sentence) {
        return new LiteLlmException(code, subject, sentence, Retry.POINTLESS, null, null);
    }

    /** The cause may pass. */
    static LiteLlmException passing(ErrorCode code, String subject, String sentence, @Nullable Throwable cause) {
        return new LiteLlmException(code, subject, sentence, Retry.MAY_HELP, cause, null);
    }

    /** The cause will pass, but not before the time LiteLLM named. */
    static LiteLlmException throttled(String subject, String sentence, @Nullable Duration retryAfter) {
        return new LiteLlmException(ErrorCode.UPSTREAM_ERROR, subject, sentence, Retry.MAY_HELP, null, retryAfter);
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
