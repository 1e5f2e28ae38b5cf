package io.opencrane.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.resource.FreeForm;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request to a webhook and what came of it. What the receiver says in an error is not repeated: it may quote the request. */
final class Exchange {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private final HttpClient client;
    private final WebhookEndpoint endpoint;
    private final Duration timeout;
    private final int responseLimit;

    Exchange(HttpClient client, WebhookEndpoint endpoint, Duration timeout, int responseLimit) {
        this.client = client;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.responseLimit = responseLimit;
    }

    /**
     * What came back.
     *
     * @param body empty if there was none
     * @param isAccepted whether the receiver says that it has yet to do what it was asked to do
     */
    record Answer(FreeForm body, boolean isAccepted) {}

    Answer post(String subPath, FreeForm body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(subPath))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes(body)));
        endpoint.token().ifPresent(token -> request.header("Authorization", "Bearer " + token.reveal()));
        HttpResponse<byte[]> response = exchange(request.build());
        if (!isSuccess(response.statusCode())) {
            throw refused(response);
        }
        FreeForm answered = response.body().length == 0 ? FreeForm.empty() : object(response.body());
        return new Answer(answered, response.statusCode() == 202);
    }

    /** The deadline is kept here: the client's own ends with the response headers, and a body may trickle for ever. */
    private HttpResponse<byte[]> exchange(HttpRequest request) {
        // Of a refusal the status says all, so its body is thrown away, however long.
        CompletableFuture<HttpResponse<byte[]>> pending = client.sendAsync(
                request,
                info -> isSuccess(info.statusCode())
                        ? new LimitedBody(responseLimit)
                        : HttpResponse.BodySubscribers.replacing(new byte[0]));
        try {
            return pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw failure(ErrorCode.TIMEOUT, "It did not answer within " + timeout + ".", Retry.MAY_HELP, null);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw failure(ErrorCode.TIMEOUT, "The thread was interrupted while it waited.", Retry.MAY_HELP, e);
        } catch (ExecutionException e) {
            throw noAnswer(e.getCause());
        }
    }

    private static boolean isSuccess(int status) {
        return status / 100 == 2;
    }

    private OpenCraneException noAnswer(@Nullable Throwable cause) {
        if (cause instanceof LimitedBody.TooLarge) {
            return failure(
                    ErrorCode.UPSTREAM_ERROR,
                    "It answered with more than " + responseLimit + " bytes.",
                    Retry.POINTLESS,
                    null);
        }
        if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
            return failure(ErrorCode.TIMEOUT, "It did not answer in time.", Retry.MAY_HELP, cause);
        }
        return failure(
                ErrorCode.UPSTREAM_ERROR,
                "It could not be reached, or closed the connection without an answer.",
                Retry.MAY_HELP,
                cause);
    }

    /** 501 and 505 are answers to what was sent; every other 5xx is a state of the receiver. */
    private OpenCraneException refused(HttpResponse<?> response) {
        int status = response.statusCode();
        if (status == 429 || status / 100 == 5 && status != 501 && status != 505) {
            ErrorCode code = status == 504 ? ErrorCode.TIMEOUT : ErrorCode.UPSTREAM_ERROR;
            return new Busy(code, "webhook " + endpoint, "It answered with HTTP " + status + ".", retryAfter(response));
        }
        return refused(status);
    }

    /** In seconds only: a date would need the receiver's clock. */
    private static @Nullable Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,9}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(null);
    }

    private OpenCraneException refused(int status) {
        String sentence = "It answered with HTTP " + status + ".";
        return switch (status) {
            case 401 ->
                failure(ErrorCode.UNAUTHORIZED, "It refused the token; set the right one.", Retry.POINTLESS, null);
            case 403 -> failure(ErrorCode.FORBIDDEN, sentence, Retry.POINTLESS, null);
            case 404 -> failure(ErrorCode.NOT_FOUND, sentence, Retry.POINTLESS, null);
            case 408 -> failure(ErrorCode.TIMEOUT, sentence, Retry.MAY_HELP, null);
            case 409 -> failure(ErrorCode.CONFLICT, sentence, Retry.POINTLESS, null);
            case 413 -> failure(ErrorCode.PAYLOAD_TOO_LARGE, sentence, Retry.POINTLESS, null);
            default ->
                failure(
                        ErrorCode.UPSTREAM_ERROR,
                        status / 100 == 3 ? "It answered with a redirect; set the address it leads to." : sentence,
                        Retry.POINTLESS,
                        null);
        };
    }

    /** The parser's complaint is dropped: it quotes the body. */
    private FreeForm object(byte[] body) {
        try {
            Map<String, @Nullable Object> members = MAPPER.readValue(body, OBJECT);
            if (members != null) {
                return FreeForm.of(members);
            }
        } catch (IOException | IllegalArgumentException e) {
            // Told below.
        }
        throw failure(ErrorCode.UPSTREAM_ERROR, "Its answer is not one JSON object.", Retry.POINTLESS, null);
    }

    private static byte[] bytes(FreeForm body) {
        try {
            return MAPPER.writeValueAsBytes(body.asMap());
        } catch (JsonProcessingException e) {
            // Not as the cause: its message may quote the body.
            throw new IllegalStateException("A free-form object can always be written as JSON.");
        }
    }

    private OpenCraneException failure(ErrorCode code, String sentence, Retry retry, @Nullable Throwable cause) {
        return new OpenCraneException(code, "webhook " + endpoint, sentence, retry, cause);
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
