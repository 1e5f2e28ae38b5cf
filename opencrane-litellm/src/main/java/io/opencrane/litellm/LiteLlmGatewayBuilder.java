package io.opencrane.litellm;

import io.opencrane.api.resource.SecretText;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link LiteLlmGateway} needs. Not thread-safe. */
public final class LiteLlmGatewayBuilder {
    private static final int MOST_FAILURES = 1000;

    final Endpoint endpoint;
    final SecretText masterKey;
    final Map<String, Supplier<SecretText>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    int maxAttempts = 3;
    Duration firstDelay = Duration.ofMillis(200);
    int failures = 5;
    Duration open = Duration.ofSeconds(30);
    InstantSource clock = InstantSource.system();

    @Nullable
    SpendPath spendPath;

    private Duration requestTimeout = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(3);
    private int responseLimitBytes = 8 << 20;
    private @Nullable HttpClient httpClient;
    private @Nullable SSLContext sslContext;
    private @Nullable ProxySelector proxy;

    LiteLlmGatewayBuilder(URI endpoint, SecretText masterKey) {
        this.endpoint = Endpoint.of(endpoint);
        this.masterKey = Objects.requireNonNull(masterKey, "masterKey");
        if (!HostHeaders.isWord(masterKey)) {
            throw new IllegalArgumentException(
                    "The LiteLLM master key must be printable ASCII without spaces; is there a line break at its end?");
        }
    }

    /**
     * How long one request may take, from connecting to the last byte of the answer. An operation is a few requests and may be repeated.
     *
     * @param timeout positive; 10 seconds unless set
     * @return this
     */
    public LiteLlmGatewayBuilder requestTimeout(Duration timeout) {
        requestTimeout = positive(timeout);
        return this;
    }

    /**
     * How long connecting may take. Has no effect on a client of the host's own.
     *
     * @param timeout positive; 3 seconds unless set
     * @return this
     */
    public LiteLlmGatewayBuilder connectTimeout(Duration timeout) {
        connectTimeout = positive(timeout);
        return this;
    }

    /**
     * Uses the host's own HTTP client, for its executor, TLS or proxy. It stays the host's to close. Not to be combined with
     * {@link #sslContext} or {@link #proxy}.
     *
     * @param client one that follows no redirects, which would carry the master key elsewhere, and has no authenticator, with which the
     *     JDK's client makes a failed connection of each of LiteLLM's 401s; for a proxy with a password there is {@link #header}
     * @return this
     * @throws IllegalArgumentException if it follows redirects or has an authenticator
     */
    public LiteLlmGatewayBuilder httpClient(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("The HTTP client for LiteLLM must not follow redirects.");
        }
        if (client.authenticator().isPresent()) {
            throw new IllegalArgumentException(
                    "The HTTP client for LiteLLM must have no authenticator; set the header Proxy-Authorization instead.");
        }
        httpClient = client;
        return this;
    }

    /**
     * Whom to trust, and which certificate to show, when LiteLLM is reached by https. The host name is checked in any case.
     *
     * @param context the JDK's default unless set
     * @return this
     */
    public LiteLlmGatewayBuilder sslContext(SSLContext context) {
        sslContext = Objects.requireNonNull(context, "context");
        return this;
    }

    /**
     * Which proxy to reach LiteLLM through.
     *
     * @param selector for example {@code ProxySelector.of(address)}; the JDK's default, which reads its system properties, unless set
     * @return this
     */
    public LiteLlmGatewayBuilder proxy(ProxySelector selector) {
        proxy = Objects.requireNonNull(selector, "selector");
        return this;
    }

    /**
     * Sends a header with every request, those about health included, for a proxy that wants an authentication of its own. The value shows
     * nowhere.
     *
     * @param name any but those that this client or the JDK's HTTP client sets; a second value for a name replaces the first
     * @param value printable ASCII
     * @return this
     * @throws IllegalArgumentException if the name cannot be used, or the value cannot be sent
     */
    public LiteLlmGatewayBuilder header(String name, SecretText value) {
        if (!HostHeaders.isValue(value)) {
            throw new IllegalArgumentException(
                    "The value of the header " + name + " must be printable ASCII on one line.");
        }
        return header(name, () -> value);
    }

    /**
     * Sends a header whose value changes, such as a token that expires. It is asked for before every request, by the thread that makes it,
     * and must be fast and thread-safe; while it throws, calls fail with {@code UPSTREAM_ERROR}. The value shows nowhere.
     *
     * @param name any but those that this client or the JDK's HTTP client sets; a second value for a name replaces the first
     * @param value gives printable ASCII
     * @return this
     * @throws IllegalArgumentException if the name cannot be used
     */
    public LiteLlmGatewayBuilder header(String name, Supplier<SecretText> value) {
        headers.put(HostHeaders.requireName(name), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * How an operation is repeated after a failure that may pass. Delays double and are jittered; LiteLLM's {@code retry-after} wins, and
     * one of more than 10 seconds is left to the caller.
     *
     * @param maxAttempts how often an operation is tried, the first time included; 3 unless set
     * @param firstDelay the wait before the second attempt; 200 milliseconds unless set
     * @return this
     */
    public LiteLlmGatewayBuilder attempts(int maxAttempts, Duration firstDelay) {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("An operation is tried at least once.");
        }
        this.maxAttempts = maxAttempts;
        this.firstDelay = positive(firstDelay);
        return this;
    }

    /**
     * When LiteLLM counts as dead: calls then fail at once, with the failure that showed it, until one exchange is let through and
     * answered.
     *
     * @param failures after how many exchanges in a row without an answer, or with a 502, 503 or 504; from 1 to 1000, 5 unless set
     * @param open how long no exchange is let through; a millisecond or more, 30 seconds unless set
     * @return this
     */
    public LiteLlmGatewayBuilder circuit(int failures, Duration open) {
        if (failures < 1 || failures > MOST_FAILURES) {
            throw new IllegalArgumentException("A circuit opens after 1 to " + MOST_FAILURES + " failures.");
        }
        if (open.toMillis() < 1) {
            throw new IllegalArgumentException("A circuit stays open for a millisecond or more.");
        }
        this.failures = failures;
        this.open = open;
        return this;
    }

    /**
     * Reads spend at a path of the host's instead of LiteLLM's teams and days. It is asked with GET and the master key, and answers with
     * {@code totalCostUsd}, a number, and if it likes {@code topModels}, a list of {@code model}, {@code costUsd} and {@code requests};
     * anything else is an {@code UPSTREAM_ERROR}. A path that does not answer counts for a circuit of its own, not for LiteLLM's.
     *
     * @param template begins with a slash and comes after the endpoint, for example {@code /spend/tenant/{tenant}}; {@code {team}} is the
     *     team's id, {@code {namespace}} and {@code {tenant}} are its metadata {@code opencrane_namespace} and {@code opencrane_tenant}
     * @return this
     * @throws IllegalArgumentException if it holds neither {@code {team}} nor {@code {tenant}}, holds another placeholder, or is no path
     */
    public LiteLlmGatewayBuilder spendPath(String template) {
        spendPath = SpendPath.of(template);
        return this;
    }

    /**
     * How large an answer may be.
     *
     * @param bytes positive; 8 MiB unless set
     * @return this
     */
    public LiteLlmGatewayBuilder responseLimitBytes(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("A response limit is at least one byte.");
        }
        responseLimitBytes = bytes;
        return this;
    }

    /**
     * Tells the time, for the circuit and for dates in {@code retry-after}.
     *
     * @param clock the system's unless set
     * @return this
     */
    public LiteLlmGatewayBuilder clock(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Builds the gateway. Nothing is sent.
     *
     * @return the gateway
     * @throws IllegalArgumentException if a client of the host's is combined with an SSL context or a proxy
     */
    public LiteLlmGateway build() {
        if (httpClient == null) {
            return new LiteLlmGateway(this, client());
        }
        if (sslContext != null || proxy != null) {
            throw new IllegalArgumentException(
                    "A client of the host's has its own TLS and proxy: set httpClient, or sslContext and proxy, not both.");
        }
        return new LiteLlmGateway(this, httpClient);
    }

    Transport.Limits limits() {
        return new Transport.Limits(requestTimeout, responseLimitBytes);
    }

    private HttpClient client() {
        HttpClient.Builder client =
                HttpClient.newBuilder().connectTimeout(connectTimeout).followRedirects(HttpClient.Redirect.NEVER);
        if (sslContext != null) {
            client.sslContext(sslContext);
        }
        if (proxy != null) {
            client.proxy(proxy);
        }
        return client.build();
    }

    private static Duration positive(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("A duration must be positive.");
        }
        return duration;
    }
}
