package io.opencrane.it.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore.Force;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody adds to a fence and looks like nothing. */
class EmptySelectorTest {
    private final PolicyWorld world = PolicyWorld.fresh();

    @BeforeEach
    void start() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of(world.home, world.second))
                .objects());
        world.tenant("ada", spec -> spec.team("research"));
    }

    /** An absent one is the same namespace, an empty one is all of them; and nobody's field manager tells that it is not ours. */
    @Test
    void anEmptyNamespaceSelectorOpensEveryNamespaceAndGoes() {
        ObjectRef fence = NetworkFence.tenantBaseline(world.home);
        Map<String, Object> spec = world.live(fence).get("spec");
        List<Object> ingress = new ArrayList<>((List<?>) spec.get("ingress"));
        ingress.set(0, Map.of("from", List.of(Map.of("podSelector", Map.of(), "namespaceSelector", Map.of()))));
        Map<String, Object> opened = new HashMap<>(spec);
        opened.put("ingress", ingress);
        GenericKubernetesResource edited = PolicyWorld.object(fence, opened);
        edited.getMetadata().setLabels(world.live(fence).getMetadata().getLabels());
        edited.getMetadata().setAnnotations(world.live(fence).getMetadata().getAnnotations());
        world.objects().apply(edited, "opencrane", Force.YES);
        assertThat(world.live(fence).<Object>get("spec")).isNotEqualTo(spec);
        world.restart();

        world.reconcile(new TenantId(world.home, "ada"));

        assertThat(world.live(fence).<Object>get("spec")).isEqualTo(spec);
        assertThat(world.writes(() -> world.reconcile(new TenantId(world.home, "ada"))))
                .isEmpty();
    }
}
