package io.opencrane.it.customer;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.ClusterTenantResources;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.BuiltInProvisioner;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.provisioner.ClusterTenantProvisionerTck;
import io.opencrane.testkit.provisioner.OutsideCalls;
import io.opencrane.testkit.provisioner.OutsideChange;
import io.opencrane.testkit.provisioner.OutsideFault;
import io.opencrane.testkit.provisioner.ProvisionerUnderTest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The built-in tiers keep what the SPI asks of vendors. */
class BuiltInProvisionerTest extends ClusterTenantProvisionerTck {
    @Override
    protected ProvisionerUnderTest start() {
        return new World();
    }

    private static final class World implements ProvisionerUnderTest {
        private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
        private final ObjectStore real = InMemoryCluster.create(InstanceScope.wholeCluster("opencrane-system"), clock)
                .objects();
        private final OutsideCalls calls = new OutsideCalls(World::thrown);
        private ClusterTenantProvisioner provisioner = newProvisioner();

        private ClusterTenantProvisioner newProvisioner() {
            return BuiltInProvisioner.over(new Counted(real, calls), clock);
        }

        /** As the adapter of the API server reports it. */
        private static OpenCraneException thrown(OutsideFault fault) {
            ErrorCode code = switch (fault) {
                case CONFLICT -> ErrorCode.CONFLICT;
                case TIMEOUT -> ErrorCode.TIMEOUT;
                default -> ErrorCode.UPSTREAM_ERROR;
            };
            return new OpenCraneException(
                    code, "cluster", "Simulated.", code == ErrorCode.CONFLICT ? Retry.POINTLESS : Retry.MAY_HELP, null);
        }

        @Override
        public ClusterTenantProvisioner provisioner() {
            return provisioner;
        }

        @Override
        public OutsideCalls outside() {
            return calls;
        }

        @Override
        public void restart() {
            calls.restart();
            provisioner = newProvisioner();
        }

        @Override
        public ClusterTenantSpec spec() {
            return ClusterTenantSpec.builder("TCK")
                    .resources(
                            new ClusterTenantResources(Quota.builder().pods(5L).build()))
                    .build();
        }

        @Override
        public List<String> resources(String customer) {
            CustomerChildren names = new CustomerChildren(customer, "opencrane-" + customer);
            return Stream.of(names.boundNamespace(), names.limits(), names.quota(), names.parent())
                    .filter(ref -> real.get(ref).isPresent())
                    .map(Counted::name)
                    .toList();
        }

        @Override
        public boolean occupy(String customer, String resource) {
            ObjectRef ref = new CustomerChildren(customer, "opencrane-" + customer).boundNamespace();
            if (!resource.equals(Counted.name(ref))) {
                return false; // everything else is in the namespace, whose owner may do there what it likes
            }
            GenericKubernetesResource namespace = new GenericKubernetesResource();
            namespace.setApiVersion("v1");
            namespace.setKind("Namespace");
            namespace.setMetadata(new ObjectMetaBuilder().withName(ref.name()).build());
            real.create(namespace);
            return true;
        }
    }

    /** A cluster whose calls are counted and may fail. */
    private record Counted(ObjectStore real, OutsideCalls calls) implements ObjectStore {
        static String name(ObjectRef ref) {
            return ref.type().plural() + " " + ref.namespace() + "/" + ref.name();
        }

        @Override
        public Optional<GenericKubernetesResource> get(ObjectRef ref) {
            return calls.read(() -> real.get(ref));
        }

        @Override
        public Chunk list(ObjectType type, String namespace, Filter filter, int limit, String continueToken) {
            return calls.read(() -> real.list(type, namespace, filter, limit, continueToken));
        }

        @Override
        public GenericKubernetesResource create(GenericKubernetesResource object) {
            return change(OutsideChange.created(name(ref(object))), () -> real.create(object));
        }

        @Override
        public GenericKubernetesResource apply(GenericKubernetesResource object, String manager, Force force) {
            ObjectRef ref = ref(object);
            String name = real.get(ref).isPresent() ? "an update of " + name(ref) : name(ref);
            return change(OutsideChange.created(name), () -> real.apply(object, manager, force));
        }

        @Override
        public GenericKubernetesResource patch(ObjectRef ref, Target target, PatchType type, String body) {
            return change(
                    OutsideChange.created("an update of " + name(ref)), () -> real.patch(ref, target, type, body));
        }

        @Override
        public boolean delete(ObjectRef ref, String uid) {
            return change(OutsideChange.deleted(name(ref)), () -> real.delete(ref, uid));
        }

        private <T> T change(OutsideChange change, Supplier<T> call) {
            AtomicReference<T> answer = new AtomicReference<>();
            calls.change(change, () -> answer.set(call.get()));
            return answer.get();
        }

        private static ObjectRef ref(GenericKubernetesResource object) {
            ObjectType type =
                    ObjectType.known(object.getApiVersion(), object.getKind()).orElseThrow();
            String namespace = object.getMetadata().getNamespace();
            return type.named(
                    namespace == null ? "" : namespace, object.getMetadata().getName());
        }
    }
}
