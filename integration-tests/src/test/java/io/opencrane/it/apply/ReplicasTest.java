package io.opencrane.it.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas are taken back although the Deployment's controller writes its status all the time. */
class ReplicasTest {
    private static final InstanceScope SCOPE = InstanceScope.namespace("opencrane");
    private static final TenantId ACME = new TenantId("opencrane", "acme");
    private static final ObjectRef DEPLOYMENT = new TenantChildren("acme", "opencrane").deployment();

    private final ObjectStore real =
            InMemoryCluster.create(SCOPE, InstantSource.system()).objects();
    private final BusyController busy = new BusyController(real);
    private final TenantReconciler reconciler = TenantReconciler.builder(
                    KubernetesCluster.over(busy, SCOPE),
                    Settings.builder()
                            .namespace("opencrane")
                            .watchNamespaces("opencrane")
                            .instanceId("test")
                            .ingressDomain("example.com")
                            .build())
            .build();

    @BeforeEach
    void somebodyScales() {
        OpenCrane.builder()
                .cluster(KubernetesCluster.over(real, SCOPE))
                .build()
                .tenants()
                .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com").build());
        reconciler.reconcile(ACME);
        GenericKubernetesResource scaled = new GenericKubernetesResource();
        scaled.setApiVersion("apps/v1");
        scaled.setKind("Deployment");
        scaled.setMetadata(new ObjectMetaBuilder()
                .withNamespace("opencrane")
                .withName(DEPLOYMENT.name())
                .build());
        scaled.setAdditionalProperty("spec", Map.of("replicas", 3));
        real.apply(scaled, "autoscaler", ObjectStore.Force.YES);
    }

    private int replicas() {
        return real.get(DEPLOYMENT).orElseThrow().<Integer>get("spec", "replicas");
    }

    @Test
    void aCountInBetweenDoesNotKeepThemAway() {
        busy.counts = 2;

        reconciler.reconcile(ACME);

        assertThat(replicas()).isEqualTo(1);
    }

    @Test
    void aControllerThatNeverRestsIsAConflictThatPasses() {
        busy.counts = Integer.MAX_VALUE;

        assertThatThrownBy(() -> reconciler.reconcile(ACME))
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        assertThat(replicas()).isEqualTo(3);
    }

    /** Writes the status just before a forced apply arrives. */
    private static final class BusyController implements ObjectStore {
        private final ObjectStore real;
        private int counts;
        private int observed;

        BusyController(ObjectStore real) {
            this.real = real;
        }

        @Override
        public Optional<GenericKubernetesResource> get(ObjectRef ref) {
            return real.get(ref);
        }

        @Override
        public Chunk list(ObjectType type, String namespace, Filter filter, int limit, String continueToken) {
            return real.list(type, namespace, filter, limit, continueToken);
        }

        @Override
        public GenericKubernetesResource create(GenericKubernetesResource object) {
            return real.create(object);
        }

        @Override
        public GenericKubernetesResource apply(GenericKubernetesResource object, String manager, Force force) {
            if (force == Force.YES && counts > 0) {
                counts--;
                real.patch(
                        DEPLOYMENT,
                        Target.STATUS,
                        PatchType.MERGE,
                        "{\"status\":{\"observedGeneration\":" + ++observed + "}}");
            }
            return real.apply(object, manager, force);
        }

        @Override
        public GenericKubernetesResource patch(ObjectRef ref, Target target, PatchType type, String body) {
            return real.patch(ref, target, type, body);
        }

        @Override
        public boolean delete(ObjectRef ref, String uid) {
            return real.delete(ref, uid);
        }
    }
}
