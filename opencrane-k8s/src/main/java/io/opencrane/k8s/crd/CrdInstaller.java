package io.opencrane.k8s.crd;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.k8s.crd.CrdBundle.Installed;
import io.opencrane.k8s.crd.CrdBundle.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of {@link CrdBundle#install}. */
final class CrdInstaller {
    private static final Logger LOG = LoggerFactory.getLogger(CrdInstaller.class);
    private static final ResourceDefinitionContext DEFINITIONS = new ResourceDefinitionContext.Builder()
            .withGroup("apiextensions.k8s.io")
            .withVersion("v1")
            .withKind("CustomResourceDefinition")
            .withPlural("customresourcedefinitions")
            .withNamespaced(false)
            .build();
    private static final Pattern BUNDLE = Pattern.compile("(\\w+) \\((\\d{1,9})\\)");

    private final NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            definitions;
    private final CrdBundle bundle;
    private final long endNanos;

    CrdInstaller(KubernetesClient client, CrdBundle bundle, Duration deadline) {
        this.definitions = client.genericKubernetesResources(DEFINITIONS);
        this.bundle = bundle;
        this.endNanos = System.nanoTime() + deadline.toNanos();
    }

    List<Installed> run() {
        // All are applied before any is awaited: the server works on them side by side.
        List<Installed> installed = new ArrayList<>();
        for (ResourceKind kind : ResourceKind.values()) {
            installed.add(apply(kind));
        }
        for (ResourceKind kind : ResourceKind.values()) {
            awaitServed(kind);
        }
        return List.copyOf(installed);
    }

    private Installed apply(ResourceKind kind) {
        String name = CrdBundle.definitionName(kind);
        // null is the server's 404; everything else throws.
        @Nullable
        GenericKubernetesResource before =
                asking(kind, () -> definitions.withName(name).get());
        if (before != null) {
            refuseForeignVersions(kind, before);
            if (isNewer(before)) {
                LOG.atInfo().addKeyValue("name", name).log("A later bundle is installed; left as it is");
                return new Installed(
                        kind, Outcome.NEWER_KEPT, before.getMetadata().getResourceVersion());
            }
        }
        GenericKubernetesResource after = asking(
                kind,
                () -> definitions
                        .resource(bundle.definition(kind))
                        .fieldManager(CrdBundle.FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply());
        Outcome outcome = outcome(before, after);
        if (outcome != Outcome.UNCHANGED) {
            LOG.atInfo()
                    .addKeyValue("name", name)
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("bundle", CrdBundle.VERSION)
                    .log(
                            outcome == Outcome.CREATED
                                    ? "Installed a definition"
                                    : "Updated a definition; fields that others set differently are ours now");
        }
        return new Installed(kind, outcome, after.getMetadata().getResourceVersion());
    }

    private static Outcome outcome(@Nullable GenericKubernetesResource before, GenericKubernetesResource after) {
        if (before == null) {
            return Outcome.CREATED;
        }
        String version = after.getMetadata().getResourceVersion();
        return version.equals(before.getMetadata().getResourceVersion()) ? Outcome.UNCHANGED : Outcome.UPDATED;
    }

    /** A definition without our version is of another generation of the platform: applying ours would drop its versions. */
    private static void refuseForeignVersions(ResourceKind kind, GenericKubernetesResource live) {
        List<Object> versions = listAt(live, "spec", "versions");
        boolean ours = versions.stream()
                .anyMatch(version -> version instanceof Map<?, ?> map && ResourceKind.VERSION.equals(map.get("name")));
        if (!ours) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    subject(kind),
                    "The installed definition does not have version " + ResourceKind.VERSION
                            + "; use the library that belongs to it, or remove the definition.");
        }
    }

    private static boolean isNewer(GenericKubernetesResource live) {
        Map<String, String> annotations = live.getMetadata().getAnnotations();
        String version = annotations == null ? null : annotations.get(CrdBundle.VERSION_ANNOTATION);
        if (version == null) {
            return false;
        }
        Matcher theirs = BUNDLE.matcher(version);
        Matcher mine = BUNDLE.matcher(CrdBundle.VERSION);
        return theirs.matches()
                && mine.matches()
                && (!theirs.group(1).equals(mine.group(1))
                        || Integer.parseInt(theirs.group(2)) > Integer.parseInt(mine.group(2)));
    }

    private void awaitServed(ResourceKind kind) {
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
        GenericKubernetesResource settled = asking(
                kind,
                () -> definitions
                        .withName(CrdBundle.definitionName(kind))
                        .waitUntilCondition(
                                live -> live != null
                                        && ("True".equals(condition(live, "Established"))
                                                || "False".equals(condition(live, "NamesAccepted"))),
                                left,
                                TimeUnit.MILLISECONDS));
        if (!"True".equals(condition(settled, "Established"))) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    subject(kind),
                    "Another definition holds its kind, plural or short name; remove one of the two.");
        }
    }

    private static @Nullable String condition(GenericKubernetesResource live, String type) {
        for (Object condition : listAt(live, "status", "conditions")) {
            if (condition instanceof Map<?, ?> map && type.equals(map.get("type"))) {
                return String.valueOf(map.get("status"));
            }
        }
        return null;
    }

    private static List<Object> listAt(GenericKubernetesResource live, Object... path) {
        List<Object> found = live.get(path);
        return found == null ? List.of() : found;
    }

    private static <T> T asking(ResourceKind kind, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientTimeoutException late) {
            throw new OpenCraneException(
                    ErrorCode.TIMEOUT,
                    subject(kind),
                    "The API server did not establish the definition in time; install again.",
                    Retry.MAY_HELP,
                    late);
        } catch (KubernetesClientException failed) {
            throw translated(kind, failed);
        }
    }

    private static OpenCraneException translated(ResourceKind kind, KubernetesClientException failed) {
        return switch (failed.getCode()) {
            case 401 -> failure(kind, ErrorCode.UNAUTHORIZED, "The API server does not know us.", failed);
            case 403 ->
                failure(
                        kind,
                        ErrorCode.FORBIDDEN,
                        "We need get, list, watch and patch on customresourcedefinitions.",
                        failed);
            case 409 -> failure(kind, ErrorCode.CONFLICT, "The definition changed meanwhile; install again.", failed);
            case 400, 422 ->
                failure(kind, ErrorCode.INTERNAL, "The API server refuses the definition; the cause says why.", failed);
            default ->
                failure(kind, ErrorCode.UPSTREAM_ERROR, "The API server failed or could not be reached.", failed);
        };
    }

    private static OpenCraneException failure(
            ResourceKind kind, ErrorCode code, String sentence, KubernetesClientException cause) {
        boolean passing = code == ErrorCode.CONFLICT || code == ErrorCode.UPSTREAM_ERROR;
        return new OpenCraneException(code, subject(kind), sentence, passing ? Retry.MAY_HELP : Retry.POINTLESS, cause);
    }

    private static String subject(ResourceKind kind) {
        return "CustomResourceDefinition " + CrdBundle.definitionName(kind);
    }
}
