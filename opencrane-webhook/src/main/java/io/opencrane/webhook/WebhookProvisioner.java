package io.opencrane.webhook;

import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.ComputeMode;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.core.settings.ProvisionerSettings;
import io.opencrane.webhook.WebhookClient.Repeat;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dedicated clusters from a backend behind a webhook (contract §6), written in any language: {@code POST <url>/provision},
 * {@code /status} and {@code /deprovision} with a bearer token.
 *
 * <pre>{@code
 * Provisioners.Builder provisioners = Provisioners.calledOn(executor);
 * settings.provisioner().ifPresent(found -> provisioners.add(WebhookProvisioner.from(found).build()));
 * }</pre>
 *
 * <p>Requests: {@code {name, isolationTier, compute{mode, nodePool?}, quota{}}}, {@code {name}} and {@code {name, retainState}}, each with
 * {@code operationId} if an earlier answer named one. Answers: {@code phase} (pending, provisioning, ready or failed), {@code message?},
 * {@code boundNamespace?}, {@code kubeconfigSecretRef?{namespace, name, key?}}, {@code operationId?}, {@code retryAfterSeconds?}. There is
 * nothing of a customer when status or deprovision are answered with 404, or deprovision with a success
 * and no body or {@code {}}; a 202 is no such success, it works on it then.
 *
 * <p>A status is asked up to three times when it fails; provision and deprovision are sent once, and the caller comes back. Every call may
 * throw: {@code TIMEOUT}, {@code CONFLICT} on a 409 and {@code UPSTREAM_ERROR} on 429 and 5xx are retryable; {@code UNAUTHORIZED},
 * {@code FORBIDDEN}, {@code NOT_FOUND} for a provision and {@code UPSTREAM_ERROR} for an answer in another form are not. Credentials come as a reference to a Secret: an
 * answer with one in it is refused, and nothing of it is kept or told.
 *
 * <p>Thread-safe.
 */
public final class WebhookProvisioner implements ClusterTenantProvisioner {
    private final String id;
    private final ProvisionerCapabilities capabilities;
    private final WebhookClient client;
    private final ProvisionerAnswer answers;

    private WebhookProvisioner(Builder builder) {
        id = builder.id;
        capabilities = new ProvisionerCapabilities(
                Set.of(IsolationTier.DEDICATED_CLUSTER), builder.retainsState, builder.timeout);
        client = builder.client.build();
        answers = new ProvisionerAnswer("provisioner " + id);
    }

    /**
     * Starts one.
     *
     * @param id the id under which it is registered
     * @param endpoint where the backend is, without the routes
     * @return a builder with defaults for everything else
     */
    public static Builder builder(String id, WebhookEndpoint endpoint) {
        return new Builder(id, endpoint);
    }

    /**
     * Starts the one that the environment names ({@code CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL}, {@code _TOKEN}, {@code _ID}).
     *
     * @param settings the settings of the external provisioner
     * @return a builder with defaults for everything else
     * @throws ValidationException if the URL or the token is refused as in {@link WebhookEndpoint}
     */
    public static Builder from(ProvisionerSettings settings) {
        WebhookEndpoint endpoint = settings.webhookToken() == null
                ? WebhookEndpoint.of(settings.webhookUrl())
                : WebhookEndpoint.of(settings.webhookUrl(), settings.webhookToken());
        return builder(settings.id(), endpoint);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public ProvisionerCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public Provisioning provision(ProvisionRequest request) {
        Map<String, Object> body = about(request.name(), request.operationId());
        body.put("isolationTier", request.spec().isolationTier().wireName());
        body.put("compute", compute(request.spec().compute()));
        body.put("quota", quota(request.spec().resources().quota()));
        return answers.standing(post("provision", body, Repeat.NEVER).body());
    }

    @Override
    public Provisioning status(StatusRequest request) {
        try {
            return answers.standing(post("status", about(request.name(), request.operationId()), Repeat.SAFE)
                    .body());
        } catch (OpenCraneException e) {
            return absent(e);
        }
    }

    @Override
    public Provisioning deprovision(DeprovisionRequest request) {
        Map<String, Object> body = about(request.name(), request.operationId());
        body.put("retainState", request.retainState());
        try {
            return answers.removal(post("deprovision", body, Repeat.NEVER));
        } catch (OpenCraneException e) {
            return absent(e);
        }
    }

    /** A 404 is the one answer that means it. */
    private static Provisioning absent(OpenCraneException e) {
        if (e.code() == ErrorCode.NOT_FOUND) {
            return Provisioning.absent();
        }
        throw e;
    }

    private Exchange.Answer post(String route, Map<String, Object> body, Repeat repeat) {
        try {
            return client.ask(route, FreeForm.of(body), repeat);
        } catch (OpenCraneException e) {
            if (e.code() == ErrorCode.CONFLICT) {
                throw new OpenCraneException(
                        e.code(), e.subject(), "It answered with HTTP 409; it is asked again.", Retry.MAY_HELP, e);
            }
            throw e;
        }
    }

    private static Map<String, Object> about(String name, @Nullable String operationId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        putIfThere(body, "operationId", operationId);
        return body;
    }

    private static Map<String, Object> compute(Compute compute) {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("mode", compute.mode() == ComputeMode.DEDICATED ? "dedicated" : "shared");
        putIfThere(wire, "nodePool", compute.nodePool());
        return wire;
    }

    private static Map<String, Object> quota(Quota quota) {
        Map<String, Object> wire = new LinkedHashMap<>();
        putIfThere(wire, "cpu", text(quota.cpu()));
        putIfThere(wire, "memory", text(quota.memory()));
        putIfThere(wire, "storage", text(quota.storage()));
        putIfThere(wire, "pods", quota.pods());
        putIfThere(wire, "gpu", quota.gpu());
        return wire;
    }

    private static @Nullable String text(@Nullable Object quantity) {
        return quantity == null ? null : quantity.toString();
    }

    private static void putIfThere(Map<String, Object> wire, String name, @Nullable Object value) {
        if (value != null) {
            wire.put(name, value);
        }
    }

    /**
     * Names its id and its endpoint only.
     *
     * @return for example {@code WebhookProvisioner[external, WebhookClient[https://provisioner.example.com]]}
     */
    @Override
    public String toString() {
        return "WebhookProvisioner[" + id + ", " + client + "]";
    }

    /** Collects what a webhook provisioner needs. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private final WebhookClient.Builder client;
        private Duration timeout = ProvisionerCapabilities.DEFAULT_TIMEOUT;
        private boolean retainsState;

        private Builder(String id, WebhookEndpoint endpoint) {
            this.id = Objects.requireNonNull(id, "id");
            client = WebhookClient.builder(endpoint)
                    .timeout(Duration.ofSeconds(8))
                    .responseLimitBytes(64 * 1024);
        }

        /**
         * How long provisioning may take, as in {@link ProvisionerCapabilities#timeout}.
         *
         * @param value positive; two hours unless set
         * @return this
         */
        public Builder timeout(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("A duration must be positive.");
            }
            timeout = value;
            return this;
        }

        /**
         * Says that the backend heeds {@code retainState}. One that was written for the deployed platform does not know it and removes data,
         * so without this a customer is only deprovisioned when its data are purged.
         *
         * @return this
         */
        public Builder retainsState() {
            retainsState = true;
            return this;
        }

        /**
         * How long one request may take.
         *
         * @param value positive; 8 seconds unless set, so that the three requests of a status stay below the 30 seconds after which a call
         *     counts as hanging, unless the backend asks for patience with a {@code Retry-After} between them
         * @return this
         */
        public Builder requestTimeout(Duration value) {
            client.timeout(value);
            return this;
        }

        /**
         * How a status is asked again after a failure.
         *
         * @param maxAttempts how often it is asked, the first time included; 3 unless set
         * @param firstDelay the wait before the second attempt, which then doubles; 200 milliseconds unless set
         * @return this
         */
        public Builder statusAttempts(int maxAttempts, Duration firstDelay) {
            client.attempts(maxAttempts, firstDelay);
            return this;
        }

        /**
         * Uses the host's own HTTP client, for its executor, TLS or proxy. It stays the host's to close.
         *
         * @param value one that follows no redirects
         * @return this
         * @throws IllegalArgumentException if it follows redirects
         */
        public Builder httpClient(HttpClient value) {
            client.httpClient(value);
            return this;
        }

        /**
         * Builds the provisioner. Nothing is sent.
         *
         * @return the provisioner
         */
        public WebhookProvisioner build() {
            return new WebhookProvisioner(this);
        }
    }
}
