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

/**
 * One HTTP exchange with LiteLLM: no redirect, no second try, a deadline over the whole exchange, a limit on the answer, and none at all
 * while the circuit is open.
 */
final class Transport {
    private final HttpClient client;
    private final Endpoint endpoint;
    private final SecretText masterKey;
    private final Limits limits;
    private final HostHeaders headers;
    private final Circuit circuit;
    private final InstantSource clock;

    /**
     * How long an exchange may take, and how large its answer may be.
     *
     * @param timeout from connecting to the last byte
     * @param responseBytes of the body
     */
    record Limits(Duration timeout, int responseBytes) {}

    Transport(
            HttpClient client,
            Endpoint endpoint,
            SecretText masterKey,
            Limits limits,
            HostHeaders headers,
            Circuit circuit,
            InstantSource clock) {
        this.client = client;
        this.endpoint = endpoint;
        this.masterKey = masterKey;
        this.limits = limits;
        this.headers = headers;
        this.circuit = circuit;
        this.clock = clock;
    }

    /** Asks as the administrator. Every status is an answer; only a missing answer throws. */
    Reply get(String path, Map<String, String> query, String subject) {
        return guarded(authorized(request(path, query), masterKey).GET(), subject, true);
    }

    /** Asks as the owner of a key, which the answer may quote. */
    Reply getAs(SecretText key, String path, Map<String, String> query, String subject) {
        return guarded(authorized(request(path, query), key).GET(), subject, false);
    }

    /**
     * Asks without a credential: health routes are public, and the master key goes nowhere it is not needed. Asks even while the circuit
     * is open, for whoever wants to know the health wants to know it now.
     */
    Reply getPublic(String path, String subject) {
        return exchange(request(path, Map.of()).GET(), subject);
    }

    /** Writes as the administrator. Every status is an answer; only a missing answer throws, and then it may have acted. */
    Reply post(String path, ObjectNode body, String subject) {
        HttpRequest.Builder request = authorized(request(path, Map.of()), masterKey)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
        return guarded(request, subject, true);
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

    /** The host is asked for its headers only when there is something to send. */
    private Reply guarded(HttpRequest.Builder request, String subject, boolean quoted) {
        return circuit.run(subject, quoted, () -> exchange(request, subject));
    }

    /** The deadline is kept here: the client's own ends with the response headers, and a body may trickle for ever. */
    private Reply exchange(HttpRequest.Builder request, String subject) {
        headers.addTo(request, subject);
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request.build(), info -> new LimitedBody(limits.responseBytes()));
        try {
            HttpResponse<byte[]> response = pending.get(limits.timeout().toNanos(), TimeUnit.NANOSECONDS);
            return new Reply(response.statusCode(), Json.parse(response.body()), retryAfter(response));
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw LiteLlmException.passing(
                    ErrorCode.TIMEOUT, subject, "LiteLLM did not answer within " + limits.timeout() + ".", null);
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
                    "LiteLLM at " + endpoint + " answered with more than " + limits.responseBytes() + " bytes.");
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
