package io.opencrane.k8s.informer;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import org.jspecify.annotations.Nullable;

/** Why an informer could not start, in our terms. */
final class Refused {
    private Refused() {}

    static OpenCraneException of(@Nullable Throwable cause) {
        int code = cause instanceof KubernetesClientException e ? e.getCode() : 0;
        return switch (code) {
            case 401 -> refused(ErrorCode.UNAUTHORIZED, "The API server does not accept the credentials.", cause);
            case 403 -> refused(ErrorCode.FORBIDDEN, "A list or watch is not allowed; the cause says of what.", cause);
            default ->
                new OpenCraneException(
                        ErrorCode.UPSTREAM_ERROR,
                        "InformerCache",
                        "A cache could not be filled.",
                        Retry.MAY_HELP,
                        cause);
        };
    }

    private static OpenCraneException refused(ErrorCode code, String sentence, @Nullable Throwable cause) {
        return new OpenCraneException(code, "InformerCache", sentence, Retry.POINTLESS, cause);
    }
}
