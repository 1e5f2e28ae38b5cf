package io.opencrane.k8s.informer;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Why an informer could not start, in our terms. */
final class Refused {
    private Refused() {}

    static OpenCraneException of(String what, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        int code = cause instanceof KubernetesClientException e ? e.getCode() : 0;
        return switch (code) {
            case 401 -> refused(what, ErrorCode.UNAUTHORIZED, "The API server does not accept the credentials.", cause);
            case 403 -> refused(what, ErrorCode.FORBIDDEN, "Listing or watching it is not allowed.", cause);
            case 404 ->
                refused(
                        what,
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        "The API server does not serve this type; install the CRD bundle.",
                        cause);
            default ->
                new OpenCraneException(
                        ErrorCode.UPSTREAM_ERROR, what, "It could not be listed and watched.", Retry.MAY_HELP, cause);
        };
    }

    private static OpenCraneException refused(String what, ErrorCode code, String sentence, @Nullable Throwable cause) {
        return new OpenCraneException(code, what, sentence, Retry.POINTLESS, cause);
    }
}
