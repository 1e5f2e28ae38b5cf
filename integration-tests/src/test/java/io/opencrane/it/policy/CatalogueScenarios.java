package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.it.policy.Catalogue.Row;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy of {@code catalogue.txt}, on a real API server and on the fake alike: the objects it ends in, and what it says. */
abstract class CatalogueScenarios {
    final PolicyWorld world = PolicyWorld.fresh();

    static List<Row> rows() {
        return Catalogue.rows();
    }

    /** A cluster with our CRDs, Cilium's, and these namespaces. */
    abstract ObjectStore startObjects(List<String> namespaces);

    @BeforeEach
    void start() {
        world.on(startObjects(List.of(world.home)));
    }

    @Test
    void thereAreManyAndEachIsNamedOnce() {
        assertThat(rows()).hasSizeGreaterThanOrEqualTo(80);
        assertThat(rows().stream().map(Row::spec)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyPolicyEndsInTheObjectsOfItsRow(Row row) {
        GenericKubernetesResource policy =
                PolicyWorld.object(ObjectType.of(ResourceKind.ACCESS_POLICY).named(world.home, "lab"), row.spec());
        if (row.isRefused()) {
            assertThatThrownBy(() -> world.objects().create(policy))
                    .isInstanceOfSatisfying(
                            OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
            return;
        }
        world.objects().create(policy);
        world.placeTenant("ada", spec -> spec.policyRef("lab"));

        AccessPolicy after = world.reconcile("lab");

        assertThat(condition(after, "NetworkApplied")).isEqualTo("True");
        assertThat(condition(after, "Accepted") + " " + condition(after, "DomainsEnforced"))
                .isEqualTo(row.conditions());
        GenericKubernetesResource network = world.live(world.network("lab"));
        assertThat(Rendered.tenants(network)).containsExactly("ada");
        assertThat(Rendered.egress(network)).containsExactlyInAnyOrderElementsOf(row.rules());
        ObjectRef cilium = PolicyWorld.cilium(world.home, "lab");
        assertThat(world.objects().get(cilium).map(Rendered::names).orElse(List.of()))
                .isEqualTo(row.names());
        world.restart();
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
    }
}
