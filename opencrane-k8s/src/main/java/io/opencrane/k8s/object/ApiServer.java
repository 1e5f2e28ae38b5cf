package io.opencrane.k8s.object;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to an API server over the HTTP client of a host's fabric8 client: its credentials, proxies and interceptors, but our patience.
 * fabric8's own operations are not used because they have no uid precondition and guess where a namespace is missing.
 */
final class ApiServer {
    /** fabric8's default of 10 turns "unreachable" into minutes (DECISIONS 5). */
    private static final int RETRIES = 2;

    private final HttpClient http;
    private final String root;
    private final Duration timeout;

    ApiServer(KubernetesClient client, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("A time-out is longer than nothing.");
        }
        // A derived client shares all but the request configuration, so there is nothing of ours to close; and that
        // configuration starts from the host's, because impersonation is part of it.
        this.http = client.getHttpClient()
                .newBuilder()
                .tag(new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                        .withRequestRetryBackoffLimit(RETRIES)
                        .build())
                .build();
        String url = client.getMasterUrl().toString();
        this.root = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.timeout = timeout;
    }

    /**
     * Sends a request and waits, never longer than the time-out, for any answer.
     *
     * @param subject what it is about, for messages
     * @param path with query, already encoded
     */
    Reply send(String subject, String method, String path, @Nullable Body body) {
        HttpRequest.Builder request = http.newHttpRequestBuilder()
                .uri(root + path)
                .header("Accept", "application/json")
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (body != null) {
            request.method(method, body.contentType(), body.json());
        }
        CompletableFuture<HttpResponse<byte[]>> answer = start(subject, request.build());
        try {
            HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new Reply(response.code(), response.body() == null ? new byte[0] : response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw timedOut(subject, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new OpenCraneException(
                    ErrorCode.TIMEOUT,
                    subject,
                    "The wait for the API server was interrupted; whether it acted is unknown.",
                    Retry.MAY_HELP,
                    e);
        } catch (ExecutionException e) {
            throw unreachable(subject, e.getCause() == null ? e : e.getCause());
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> start(String subject, HttpRequest request) {
        try {
            return http.sendAsync(request, byte[].class);
        } catch (RuntimeException e) {
            throw unreachable(subject, e); // a closed client throws here, not in the future
        }
    }

    private OpenCraneException unreachable(String subject, Throwable cause) {
        if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
            return timedOut(subject, cause);
        }
        return new OpenCraneException(
                ErrorCode.UPSTREAM_ERROR,
                subject,
                "The API server at " + root + " could not be reached ("
                        + cause.getClass().getSimpleName() + ").",
                cause instanceof IOException ? Retry.MAY_HELP : Retry.POINTLESS,
                cause);
    }

    private OpenCraneException timedOut(String subject, Throwable cause) {
        return new OpenCraneException(
                ErrorCode.TIMEOUT,
                subject,
                "The API server at " + root + " did not answer within " + timeout.toMillis()
                        + " ms; whether it acted is unknown.",
                Retry.MAY_HELP,
                cause);
    }

    /** A request's body. */
    record Body(String contentType, String json) {}

    /** An answer, whatever it says. */
    record Reply(int code, byte[] body) {
        boolean isSuccess() {
            return code >= 200 && code < 300;
        }
    }
}
