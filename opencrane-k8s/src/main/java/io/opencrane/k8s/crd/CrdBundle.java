package io.opencrane.k8s.crd;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opencrane.api.resource.ResourceKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The definitions of our six kinds (contract §2), one YAML document each, for {@code apiextensions.k8s.io/v1}. Immutable and
 * thread-safe.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/">Custom resource
 *     definitions</a>
 */
public final class CrdBundle {
    private static final int RETRIES = 2;

    /** The version of this bundle, as the annotation {@value #VERSION_ANNOTATION} carries it. Compatible with platform 0.1.x. */
    public static final String VERSION = "v1alpha1 (1)";

    /** The annotation on each definition that names the bundle it came from. */
    public static final String VERSION_ANNOTATION = "opencrane.io/bundle-version";

    /** Who we are in the definitions' {@code managedFields}. */
    public static final String FIELD_MANAGER = "opencrane";

    private final Map<ResourceKind, String> documents;
    // Without the search for other resource types on the class path, which costs time and finds nothing we read.
    private final KubernetesSerialization yaml = new KubernetesSerialization(new ObjectMapper(), false);

    private CrdBundle(Map<ResourceKind, String> documents) {
        this.documents = documents;
    }

    /**
     * Reads the bundle that this jar carries.
     *
     * @return the bundle
     */
    public static CrdBundle load() {
        Map<ResourceKind, String> documents = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            documents.put(kind, read("/io/opencrane/k8s/crds/" + kind.plural() + ".yaml"));
        }
        return new CrdBundle(Collections.unmodifiableMap(documents));
    }

    private static String read(String path) {
        try (InputStream stream = CrdBundle.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException("The jar of opencrane-k8s is incomplete: " + path + " is missing.");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * The documents, one a kind, each a CustomResourceDefinition in YAML.
     *
     * @return six documents, in the order of {@link ResourceKind}
     */
    public Map<ResourceKind, String> documents() {
        return documents;
    }

    /**
     * All documents as one stream, for {@code kubectl apply --server-side -f -} or a GitOps repository.
     *
     * @return YAML with {@code ---} between the documents
     */
    public String render() {
        return documents.values().stream().collect(Collectors.joining("---\n"));
    }

    /**
     * A fresh object of one definition, the caller's to change.
     *
     * @param kind the kind it defines
     * @return a CustomResourceDefinition, as in the document
     */
    public GenericKubernetesResource definition(ResourceKind kind) {
        return yaml.unmarshal(documents.getOrDefault(kind, ""), GenericKubernetesResource.class);
    }

    /**
     * The name of the definition of a kind.
     *
     * @param kind the kind
     * @return for example {@code tenants.opencrane.io}
     */
    public static String definitionName(ResourceKind kind) {
        return kind.plural() + "." + ResourceKind.GROUP;
    }

    /**
     * Installs or updates the six definitions and waits until the server serves them. Server-side apply by field manager
     * {@value #FIELD_MANAGER}, <em>forced</em>: fields that another manager set to something else become ours, so that a definition
     * installed by {@code kubectl} or a chart is taken over; what others added beside our fields stays. A definition that is already as in
     * this bundle is not changed. One that carries a later bundle of the same served version is left as it is: bundles only grow, and
     * instances follow them (contract §2). May be repeated after any failure. Needs {@code get}, {@code patch} and {@code watch} (with
     * {@code list}) on {@code customresourcedefinitions}.
     *
     * @param client a client; not closed
     * @param deadline how long all of this may take, at least a few seconds
     * @return what became of each definition, in the order of {@link ResourceKind}
     * @throws io.opencrane.api.error.OpenCraneException {@code CONFLICT} if another definition holds one of our names or the installed
     *     one does not serve our version, {@code FORBIDDEN} or {@code UNAUTHORIZED} if we may not, {@code TIMEOUT} if the server does not
     *     serve them in time, {@code UPSTREAM_ERROR} if it fails, {@code INTERNAL} if it refuses a definition
     */
    public List<Installed> install(KubernetesClient client, Duration deadline) {
        // fabric8's default of 10 retries turns "unreachable" into half a minute (DECISIONS 5). The host's own request
        // configuration is the start, because impersonation is part of it.
        RequestConfig patience = new RequestConfigBuilder(
                        client.getConfiguration().getRequestConfig())
                .withRequestRetryBackoffLimit(RETRIES)
                .build();
        return client.adapt(NamespacedKubernetesClient.class)
                .withRequestConfig(patience)
                .call(own -> new CrdInstaller(own, this, deadline).run());
    }

    /**
     * What became of a definition.
     *
     * @param kind the kind it defines
     * @param outcome whether it changed
     * @param resourceVersion its version on the server, after
     */
    public record Installed(ResourceKind kind, Outcome outcome, String resourceVersion) {}

    /** Whether a definition changed. */
    public enum Outcome {
        /** It was not there. */
        CREATED,
        /** It was there and differed. */
        UPDATED,
        /** It was there as in this bundle. */
        UNCHANGED,
        /** It is of a later bundle and was left as it is. */
        NEWER_KEPT
    }
}
