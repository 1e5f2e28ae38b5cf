package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;

/** How calls fail. */
final class Failing {
    private Failing() {}

    static void lasts(Runnable call, ErrorCode code) {
        fails(call, code, false);
    }

    static void mayPass(Runnable call, ErrorCode code) {
        fails(call, code, true);
    }

    private static void fails(Runnable call, ErrorCode code, boolean retryable) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.isRetryable()).as(e.getMessage()).isEqualTo(retryable);
        });
    }
}
