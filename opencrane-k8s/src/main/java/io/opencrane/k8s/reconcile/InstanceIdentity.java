package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.object.ObjectType;
import org.jspecify.annotations.Nullable;

/**
 * What tells this instance from others on one LiteLLM (DECISIONS 12): the configured id, else the uid of the install namespace. The uid
 * never changes while the namespace lives, so it is read once.
 */
final class InstanceIdentity {
    private final Settings settings;
    private final KubernetesCluster cluster;
    private volatile @Nullable String known;

    InstanceIdentity(Settings settings, KubernetesCluster cluster) {
        this.settings = settings;
        this.cluster = cluster;
    }

    String get() {
        String id = known;
        if (id == null) {
            id = settings.instanceId().orElseGet(this::uidOfHome);
            known = id;
        }
        return id;
    }

    private String uidOfHome() {
        String home = cluster.scope().home();
        return cluster.objects()
                .get(ObjectType.NAMESPACE.named("", home))
                .map(namespace -> namespace.getMetadata().getUid())
                .orElseThrow(() -> new OpenCraneException(
                        ErrorCode.NOT_FOUND,
                        "Namespace " + home,
                        "The install namespace does not exist; create it or set OPENCRANE_INSTANCE_ID."));
    }
}
