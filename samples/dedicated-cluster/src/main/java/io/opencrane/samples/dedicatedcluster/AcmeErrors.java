package io.opencrane.samples.dedicatedcluster;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;

/** What Acme's HTTP errors are for OpenCrane. */
final class AcmeErrors {
    private AcmeErrors() {}

    /** A 409 may pass: the next call reads what is there, and whose. A status of 0 is no answer in time. */
    static OpenCraneException of(int status) {
        return switch (status) {
            case 0 -> failure(ErrorCode.TIMEOUT, "It did not answer in time.", Retry.MAY_HELP);
            case 401 -> failure(ErrorCode.UNAUTHORIZED, "It refuses the credentials.", Retry.POINTLESS);
            case 403 -> failure(ErrorCode.FORBIDDEN, "It does not allow this.", Retry.POINTLESS);
            case 409 -> failure(ErrorCode.CONFLICT, "It has that already.", Retry.MAY_HELP);
            default ->
                failure(
                        ErrorCode.UPSTREAM_ERROR,
                        "It answered with HTTP " + status + ".",
                        status == 429 || status >= 500 ? Retry.MAY_HELP : Retry.POINTLESS);
        };
    }

    private static OpenCraneException failure(ErrorCode code, String sentence, Retry retry) {
        return new OpenCraneException(code, "Acme", sentence, retry, null);
    }
}
