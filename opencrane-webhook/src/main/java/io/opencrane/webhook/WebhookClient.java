package io.opencrane.webhook;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.FreeForm;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON to a webhook and reads JSON back: with a deadline, without redirects, with a limit on the answer, and repeated only if the
 * caller says that repeating is safe, not before the time of a {@code Retry-After}. Immutable and thread-safe. It starts no thread of its own; the JDK's HTTP client does, unless one
 * is given.
 */
public final class WebhookClient {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Exchange exchange;
    private final int maxAttempts;
    private final Duration firstDelay;

    private WebhookClient(Exchange exchange, int maxAttempts, Duration firstDelay) {
        this.exchange = exchange;
        this.maxAttempts = maxAttempts;
        this.firstDelay = firstDelay;
    }

    /** Whether a request may reach its receiver twice. */
    public enum Repeat {
        /** The receiver treats the same request as one, however often it comes: a failure that may pass is tried again. */
        SAFE,
        /** It must not come twice: the first failure is the answer. */
        NEVER
    }

    /**
     * Starts a client.
     *
     * @param endpoint where the webhook is
     * @return a builder with defaults for everything else
     */
    public static Builder builder(WebhookEndpoint endpoint) {
        return new Builder(endpoint);
    }

    /**
     * Posts a JSON object.
     *
     * @param subPath appended to the endpoint's path, for example {@code provision}; empty for the endpoint itself
     * @param body what is said
     * @param repeat whether it may be said twice
     * @return the JSON object that came back; empty if the answer has no body
     * @throws OpenCraneException {@code UNAUTHORIZED} or {@code FORBIDDEN} if the token is refused, {@code NOT_FOUND} on a 404,
     *     {@code CONFLICT} on a 409, {@code PAYLOAD_TOO_LARGE} on a 413, {@code TIMEOUT} without an answer in time, {@code UPSTREAM_ERROR}
     *     for every other failure and for an answer that is not one JSON object, {@code VALIDATION_ERROR} if the sub-path is no path
     */
    public FreeForm post(String subPath, FreeForm body, Repeat repeat) {
        return ask(subPath, body, repeat).body();
    }

    Exchange.Answer ask(String subPath, FreeForm body, Repeat repeat) {
        for (int attempt = 1; ; attempt++) {
            try {
                return exchange.post(subPath, body);
            } catch (OpenCraneException e) {
                boolean again = repeat == Repeat.SAFE
                        && e.isRetryable()
                        && attempt < maxAttempts
                        && !Thread.currentThread().isInterrupted();
                if (!again || !pause(attempt, e)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Waits double each time, half of it by chance, and at least as long as the receiver asks for. False if that is too long for a caller
     * that waits, or if the thread was interrupted, which stays so.
     */
    private boolean pause(int attempt, OpenCraneException failure) {
        long longest = Math.min(LONGEST_WAIT.toMillis(), firstDelay.toMillis() << Math.min(attempt - 1, 10));
        Duration asked = failure instanceof Busy busy ? busy.retryAfter() : null;
        if (asked != null && asked.compareTo(LONGEST_WAIT) > 0) {
            return false;
        }
        long least = asked == null ? 0 : asked.toMillis();
        try {
            Thread.sleep(least + longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Names the endpoint only.
     *
     * @return for example {@code WebhookClient[https://provisioner.example.com]}
     */
    @Override
    public String toString() {
        return "WebhookClient[" + exchange + "]";
    }

    /** Collects what a client needs. Not thread-safe. */
    public static final class Builder {
        private final WebhookEndpoint endpoint;
        private Duration timeout = Duration.ofSeconds(10);
        private int responseLimitBytes = 1 << 20;
        private int maxAttempts = 3;
        private Duration firstDelay = Duration.ofMillis(200);
        private @Nullable HttpClient httpClient;

        private Builder(WebhookEndpoint endpoint) {
            this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
        }

        /**
         * How long one request may take, from connecting to the last byte of the answer.
         *
         * @param timeout positive; 10 seconds unless set
         * @return this
         */
        public Builder timeout(Duration timeout) {
            this.timeout = positive(timeout);
            return this;
        }

        /**
         * How large an answer may be.
         *
         * @param bytes positive; 1 MiB unless set
         * @return this
         */
        public Builder responseLimitBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("A response limit is at least one byte.");
            }
            responseLimitBytes = bytes;
            return this;
        }

        /**
         * How a request that is safe to repeat is repeated.
         *
         * @param maxAttempts how often it is sent, the first time included; 3 unless set
         * @param firstDelay the wait before the second attempt, which then doubles; 200 milliseconds unless set
         * @return this
         */
        public Builder attempts(int maxAttempts, Duration firstDelay) {
            if (maxAttempts < 1) {
                throw new IllegalArgumentException("A request is sent at least once.");
            }
            this.maxAttempts = maxAttempts;
            this.firstDelay = positive(firstDelay);
            return this;
        }

        /**
         * Uses the host's own HTTP client, for its executor, TLS or proxy. It stays the host's to close.
         *
         * @param client one that follows no redirects, which would carry the token elsewhere
         * @return this
         * @throws IllegalArgumentException if it follows redirects
         */
        public Builder httpClient(HttpClient client) {
            if (client.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException("The HTTP client for webhooks must not follow redirects.");
            }
            httpClient = client;
            return this;
        }

        /**
         * Builds the client. Nothing is sent.
         *
         * @return the client
         */
        public WebhookClient build() {
            HttpClient client = httpClient != null
                    ? httpClient
                    : HttpClient.newBuilder()
                            .connectTimeout(timeout)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build();
            return new WebhookClient(
                    new Exchange(client, endpoint, timeout, responseLimitBytes), maxAttempts, firstDelay);
        }

        private static Duration positive(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("A duration must be positive.");
            }
            return duration;
        }
    }
}
