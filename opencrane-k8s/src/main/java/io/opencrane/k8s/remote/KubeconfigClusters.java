package io.opencrane.k8s.remote;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reaches customers' clusters with the kubeconfigs that Secrets of the home cluster hold. A client is kept for each version of a Secret,
 * so that a changed one takes effect at the next {@link #open}; it is closed once it is replaced and nobody uses it any more, and when
 * nobody opened its cluster for ten minutes, which is noticed when another one is opened. Thread-safe; starts no thread itself.
 *
 * <p>A kubeconfig is a vendor's, so only this much of one is used: the server's https address, the certificates of its authority, and a
 * token or a client certificate with its key, all written out in it. One that would run a command, read a file, skip the check of
 * certificates or go through a proxy is refused, and so is one of more than 256 KiB; its server's redirects are not followed. This process's own kubeconfig, service account,
 * environment and {@code kubernetes.*} properties are not looked at. No message and no {@code toString} holds any part of a kubeconfig,
 * except the server's address where it cannot be reached.
 */
public final class KubeconfigClusters implements CustomerClusters, AutoCloseable {
    private static final Duration UNUSED = Duration.ofMinutes(10);

    private final ObjectReader reader;
    private final Function<Config, KubernetesClient> clients;
    private final Duration timeout;
    private final InstantSource clock;
    private final Map<SecretKeyRef, Connection> connections = new HashMap<>();
    private final Set<Connection> retired = new HashSet<>();
    private boolean closed;

    private KubeconfigClusters(Builder builder) {
        reader = builder.reader;
        clients = builder.clients;
        timeout = builder.timeout;
        clock = builder.clock;
    }

    /**
     * Starts with where the Secrets are.
     *
     * @param home the home cluster's objects
     * @return a builder
     */
    public static Builder over(ObjectStore home) {
        return new Builder(home);
    }

    @Override
    public Session open(ClusterTenant customer) {
        SecretKeyRef ref = kubeconfigOf(customer);
        ObjectRef secret = ObjectType.SECRET.named(ref.namespace(), ref.name());
        GenericKubernetesResource found = reader.get(secret).orElse(null);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("It is closed.");
            }
            closeUnused();
            if (found == null) {
                retire(ref);
                throw unusable(customer, secret + ", which should hold its kubeconfig, does not exist.");
            }
            String version =
                    found.getMetadata().getUid() + "/" + found.getMetadata().getResourceVersion();
            Connection connection = connections.get(ref);
            if (connection == null || !connection.version.equals(version)) {
                retire(ref);
                connection = new Connection(version, connect(customer, secret, ref.key(), found));
                connections.put(ref, connection);
            }
            return use(connection);
        }
    }

    private static SecretKeyRef kubeconfigOf(ClusterTenant customer) {
        SecretKeyRef ref = customer.status().kubeconfigSecretRef();
        if (ref == null || ref.namespace().isEmpty() || ref.name().isEmpty()) {
            throw unusable(customer, "Its status names no Secret with a kubeconfig.");
        }
        return ref.key().isEmpty()
                ? new SecretKeyRef(ref.namespace(), ref.name(), SecretKeyRef.DEFAULT_KUBECONFIG_KEY)
                : ref;
    }

    private KubernetesClient connect(
            ClusterTenant customer, ObjectRef secret, String key, GenericKubernetesResource found) {
        String where = "The kubeconfig in " + secret + ", key " + key + ", ";
        Config config;
        try {
            config = Kubeconfig.read(content(found, key), timeout);
        } catch (Kubeconfig.Unusable e) {
            throw unusable(customer, where + e.sentence);
        }
        try {
            return clients.apply(config);
        } catch (RuntimeException e) {
            // Not kept as the cause: it may quote a certificate's key.
            throw unusable(customer, where + "makes no client (" + e.getClass().getSimpleName() + ").");
        }
    }

    private static byte[] content(GenericKubernetesResource secret, String key) throws Kubeconfig.Unusable {
        Object encoded = secret.get("data", key);
        if (!(encoded instanceof String text) || text.isEmpty()) {
            throw new Kubeconfig.Unusable("is not there.");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Kubeconfig.Unusable("is not base64.");
        }
    }

    private static OpenCraneException unusable(ClusterTenant customer, String sentence) {
        return new OpenCraneException(
                ErrorCode.DEPENDENCY_NOT_CONFIGURED, customer.key().toString(), sentence);
    }

    private Session use(Connection connection) {
        connection.users++;
        connection.lastUsed = clock.instant();
        return new Session() {
            private boolean ended;

            @Override
            public ObjectStore objects() {
                return connection.objects;
            }

            @Override
            public void close() {
                synchronized (KubeconfigClusters.this) {
                    if (!ended) {
                        ended = true;
                        connection.users--;
                        connection.lastUsed = clock.instant();
                        closeIfDone(connection);
                    }
                }
            }
        };
    }

    private void retire(SecretKeyRef ref) {
        Connection replaced = connections.remove(ref);
        if (replaced != null) {
            retired.add(replaced);
            closeIfDone(replaced);
        }
    }

    private void closeIfDone(Connection connection) {
        if (connection.users == 0 && retired.remove(connection)) {
            connection.client.close();
        }
    }

    private void closeUnused() {
        Instant oldest = clock.instant().minus(UNUSED);
        connections.values().removeIf(connection -> {
            boolean unused = connection.users == 0 && !connection.lastUsed.isAfter(oldest);
            if (unused) {
                connection.client.close();
            }
            return unused;
        });
    }

    /** Closes every client, used or not; sessions that are open fail from now on, and nothing can be opened. */
    @Override
    public synchronized void close() {
        closed = true;
        retired.addAll(connections.values());
        connections.clear();
        retired.forEach(connection -> connection.client.close());
        retired.clear();
    }

    @Override
    public synchronized String toString() {
        return "KubeconfigClusters[" + connections.size() + " connected]";
    }

    /** A client for one version of a Secret. Guarded by the clusters' monitor. */
    private final class Connection {
        private final String version;
        private final KubernetesClient client;
        private final ObjectStore objects;
        private int users;
        private Instant lastUsed = clock.instant();

        Connection(String version, KubernetesClient client) {
            this.version = version;
            this.client = client;
            this.objects = ApiServerObjects.over(client, timeout);
        }
    }

    /** Builds clusters. Not thread-safe. */
    public static final class Builder {
        private ObjectReader reader;
        private Function<Config, KubernetesClient> clients = config -> new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(StayingHttpClients.overTheDefault())
                .build();
        private Duration timeout = ApiServerObjects.DEFAULT_TIMEOUT;
        private InstantSource clock = InstantSource.system();

        private Builder(ObjectStore home) {
            reader = ObjectReader.of(home);
        }

        /**
         * How Secrets are read; by default by a request for each session.
         *
         * @param value a reader of the home cluster, as old as its owner allows a credential to be
         * @return this builder
         */
        public Builder reader(ObjectReader value) {
            reader = value;
            return this;
        }

        /**
         * How a client is made; by default by fabric8's builder, which needs an implementation on the class path, and with redirects
         * not followed.
         *
         * @param value makes a client from a configuration that was checked; the client is closed here. fabric8's clients follow
         *     redirects to anywhere, unless {@code value} prevents it
         * @return this builder
         */
        public Builder client(Function<Config, KubernetesClient> value) {
            clients = value;
            return this;
        }

        /**
         * How long a call may take.
         *
         * @param value its retries included; {@link ApiServerObjects#DEFAULT_TIMEOUT} by default
         * @return this builder
         */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * Another clock, for tests.
         *
         * @param value the clock
         * @return this builder
         */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /**
         * The clusters. Makes no request.
         *
         * @return clusters, to be closed
         */
        public KubeconfigClusters build() {
            return new KubeconfigClusters(this);
        }
    }
}
