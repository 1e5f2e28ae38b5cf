package io.opencrane.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.resource.SecretText;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One HTTP exchange with LiteLLM: no redirect, no second try, a deadline over the whole exchange, a limit on the answer. */
final class Transport {
    private final HttpClient client;
    private final Endpoint endpoint;
    private final SecretText masterKey;
    private final Duration timeout;
    private final int responseLimit;
    private final InstantSource clock;

    Transport(
            HttpClient client,
            Endpoint endpoint,
            SecretText masterKey,
            Duration timeout,
            int responseLimit,
            InstantSource clock) {
        this.client = client;
        this.endpoint = endpoint;
        this.masterKey = masterKey;
        this.timeout = timeout;
        this.responseLimit = responseLimit;
        this.clock = clock;
    }

    /** Asks as the administrator. Every status is an answer; only a missing answer throws. */
    Reply get(String path, Map<String, String> query, String subject) {
        return getAs(masterKey, path, query, subject);
    }

    /** Asks as the owner of a key. */
    Reply getAs(SecretText key, String path, Map<String, String> query, String subject) {
        return exchange(authorized(request(path, query), key).GET().build(), subject);
    }

    /** Asks without a credential: health routes are public, and the master key goes nowhere it is not needed. */
    Reply getPublic(String path, String subject) {
        return exchange(request(path, Map.of()).GET().build(), subject);
    }

    /** Writes as the administrator. Every status is an answer; only a missing answer throws, and then it may have acted. */
    Reply post(String path, ObjectNode body, String subject) {
        HttpRequest request = authorized(request(path, Map.of()), masterKey)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        return exchange(request, subject);
    }

    /** HTTP/1.1 only: an offer to upgrade a cleartext connection to HTTP/2 is at best ignored by LiteLLM's server. */
    private HttpRequest.Builder request(String path, Map<String, String> query) {
        return HttpRequest.newBuilder(endpoint.resolve(path, query))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Accept", "application/json");
    }

    private static HttpRequest.Builder authorized(HttpRequest.Builder request, SecretText key) {
        return request.header("Authorization", "Bearer " + key.reveal());
    }

    /** The deadline is kept here: the client's own ends with the response headers, and a body may trickle for ever. */
    private Reply exchange(HttpRequest request, String subject) {
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request, info -> new LimitedBody(responseLimit));
        try {
            HttpResponse<byte[]> response = pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Reply(response.statusCode(), Json.parse(response.body()), retryAfter(response));
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw LiteLlmException.passing(
                    ErrorCode.TIMEOUT, subject, "LiteLLM did not answer within " + timeout + ".", null);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw LiteLlmException.passing(
                    ErrorCode.TIMEOUT, subject, "The thread was interrupted while it waited for LiteLLM.", e);
        } catch (ExecutionException e) {
            throw noAnswer(e.getCause(), subject);
        }
    }

    private LiteLlmException noAnswer(@Nullable Throwable cause, String subject) {
        if (cause instanceof LimitedBody.TooLarge) {
            return LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR,
                    subject,
                    "LiteLLM at " + endpoint + " answered with more than " + responseLimit + " bytes.");
        }
        if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
            return LiteLlmException.passing(ErrorCode.TIMEOUT, subject, "LiteLLM did not answer in time.", cause);
        }
        return LiteLlmException.passing(
                ErrorCode.UPSTREAM_ERROR,
                subject,
                "LiteLLM at " + endpoint + " could not be reached, or closed the connection without an answer.",
                cause);
    }

    private @Nullable Duration retryAfter(HttpResponse<?> response) {
        String text = response.headers().firstValue("retry-after").orElse("").strip();
        try {
            if (text.matches("\\d{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(text));
            }
            return text.isEmpty()
                    ? null
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
