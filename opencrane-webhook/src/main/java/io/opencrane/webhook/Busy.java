package io.opencrane.webhook;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The receiver is there and cannot answer now; it may have said when it can. */
final class Busy extends OpenCraneException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    Busy(ErrorCode code, String subject, String sentence, @Nullable Duration retryAfter) {
        super(code, subject, sentence, Retry.MAY_HELP, null);
        this.retryAfter = retryAfter;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
