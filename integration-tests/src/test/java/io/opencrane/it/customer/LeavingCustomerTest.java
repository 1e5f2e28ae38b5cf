package io.opencrane.it.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.NetworkBaseline;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tenant that comes while its customer goes, at an instance that reads customers from the ConfigMap in their namespace. */
class LeavingCustomerTest {
    private static final InstanceScope EVERYTHING = InstanceScope.wholeCluster("opencrane");
    private static final TenantId ADA = new TenantId("opencrane", "ada");
    private static final CustomerChildren GOLD = new CustomerChildren("gold", "opencrane-gold");
    private static final TenantChildren ADAS = new TenantChildren("ada", "opencrane-gold");

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final ObjectStore objects =
            InMemoryCluster.create(EVERYTHING, clock).objects();
    private final KubernetesCluster direct = KubernetesCluster.over(objects, EVERYTHING);

    @BeforeEach
    void makeAndDeleteGold() {
        direct.resources()
                .create(new ClusterTenant(
                        ResourceMetadata.of("", "gold"),
                        ClusterTenantSpec.builder("Gold Corp").build(),
                        ClusterTenantStatus.empty()));
        customers(objects).reconcile("gold");
        direct.resources().delete(gold().orElseThrow());
    }

    @Test
    void oneThatComesAfterTheLookForTenantsIsSeenByTheNextAndKeepsItsState() {
        ClusterTenantReconciler customers =
                customers(new Meanwhile(objects, ObjectType.of(ResourceKind.TENANT), this::adaComes));

        customers.reconcile("gold");
        customers.reconcile("gold");

        assertThat(gold())
                .get()
                .satisfies(customer -> assertThat(customer.status().message()).contains("opencrane/ada"));
        assertThat(objects.get(ADAS.encryptionKey())).isPresent();
        assertThat(objects.get(ADAS.deployment())).isPresent();
    }

    @Test
    void oneThatComesAfterTheLookForStateIsNotTakenIn() {
        ClusterTenantReconciler customers =
                customers(new Meanwhile(objects, ObjectType.SERVICE_ACCOUNT, this::adaComes));

        customers.reconcile("gold");

        assertThat(direct.resources().find(Tenant.class, "opencrane", "ada"))
                .get()
                .satisfies(ada -> assertThat(ada.status().placement()).isNull());
        assertThat(objects.get(GOLD.boundNamespace())).isEmpty();
    }

    private void adaComes() {
        direct.resources()
                .create(new Tenant(
                        ResourceMetadata.of(ADA.namespace(), ADA.name()),
                        TenantSpec.builder("Ada", "ada@example.com")
                                .clusterTenantRef("gold")
                                .build(),
                        TenantStatus.empty()));
        Faults faults = new Faults()
                .failWhile(
                        call -> call.is(ObjectStore.class, "get")
                                && call.argument(ObjectRef.class)
                                        .filter(ref -> ref.type().kind().equals("ClusterTenant"))
                                        .isPresent(),
                        Failure.FORBIDDEN);
        TenantReconciler.builder(
                        KubernetesCluster.over(
                                faults.wrap(ObjectStore.class, objects), InstanceScope.namespace("opencrane")),
                        Settings.builder()
                                .namespace("opencrane")
                                .instanceId("test")
                                .ingressDomain("example.com")
                                .build())
                .clock(clock)
                .build()
                .reconcile(ADA);
    }

    private ClusterTenantReconciler customers(ObjectStore store) {
        return ClusterTenantReconciler.builder(KubernetesCluster.over(store, EVERYTHING), NetworkBaseline.NONE)
                .clock(clock)
                .build();
    }

    private Optional<ClusterTenant> gold() {
        return direct.resources().find(ClusterTenant.class, "", "gold");
    }

    /** Lets something happen once, after the first list of a type. */
    private static final class Meanwhile implements ObjectStore {
        private final ObjectStore real;
        private final ObjectType after;
        private Runnable happens;

        Meanwhile(ObjectStore real, ObjectType after, Runnable happens) {
            this.real = real;
            this.after = after;
            this.happens = happens;
        }

        @Override
        public Chunk list(ObjectType type, String namespace, Filter filter, int limit, String continueToken) {
            Chunk chunk = real.list(type, namespace, filter, limit, continueToken);
            Runnable now = happens;
            if (now != null && type.equals(after)) {
                happens = null;
                now.run();
            }
            return chunk;
        }

        @Override
        public Optional<GenericKubernetesResource> get(ObjectRef ref) {
            return real.get(ref);
        }

        @Override
        public GenericKubernetesResource create(GenericKubernetesResource object) {
            return real.create(object);
        }

        @Override
        public GenericKubernetesResource apply(GenericKubernetesResource object, String manager, Force force) {
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
