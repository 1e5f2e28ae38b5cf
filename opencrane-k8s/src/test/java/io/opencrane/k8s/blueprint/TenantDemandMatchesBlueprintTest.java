package io.opencrane.k8s.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.clustertenant.TenantDemand;
import io.opencrane.core.port.RuntimeEntitlements.Entitled;
import io.opencrane.core.settings.HostingProvider;
import io.opencrane.core.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted against a customer's quota before anything is applied is what the children then request. */
class TenantDemandMatchesBlueprintTest {
    private static final ComputeResources LIMITS = new ComputeResources(Quantity.parse("1"), Quantity.parse("1Gi"));

    @ParameterizedTest
    @CsvSource({", , false", "2, , false", ", 3Gi, false", "50m, 64Mi, false", "2, 3Gi, true"})
    void theSumsAgree(@Nullable String cpu, @Nullable String memory, boolean suspended) {
        TenantSpec spec = TenantSpec.builder("ACME", "a@b")
                .resources(cpu == null ? null : Quantity.parse(cpu), memory == null ? null : Quantity.parse(memory))
                .build()
                .withSuspended(suspended);
        TenantBlueprint blueprint = new TenantBlueprint(input(spec));
        TenantDemand demand = TenantDemand.of(spec, HostingProvider.ONPREM);

        GenericKubernetesResource deployment = blueprint.deployment();
        int pods = deployment.get("spec", "replicas");
        List<Map<String, Object>> containers = deployment.get("spec", "template", "spec", "containers");
        assertThat(demand.pods()).isEqualTo(pods);
        assertThat(containers).hasSize(1);
        assertThat(deployment.<Object>get("spec", "template", "spec", "initContainers"))
                .isNull();
        if (pods == 1) {
            assertThat(demand.cpu())
                    .isEqualByComparingTo(requested(deployment, "cpu", TenantDemand.DEFAULT_CPU)
                            .amount());
            assertThat(demand.memory())
                    .isEqualByComparingTo(requested(deployment, "memory", TenantDemand.DEFAULT_MEMORY)
                            .amount());
        }
        String volume = blueprint.state().get("spec", "resources", "requests", "storage");
        assertThat(demand.storage()).isEqualByComparingTo(Quantity.parse(volume).amount());
    }

    /** What the LimitRange leaves alone, or sets where nothing is said: a limit alone would become the request. */
    private static Quantity requested(GenericKubernetesResource deployment, String name, Quantity otherwise) {
        String request = deployment.get("spec", "template", "spec", "containers", 0, "resources", "requests", name);
        if (request == null) {
            assertThat(deployment.<Object>get("spec", "template", "spec", "containers", 0, "resources", "limits", name))
                    .isNull();
        }
        return request == null ? otherwise : Quantity.parse(Objects.requireNonNull(request));
    }

    private static BlueprintInput input(TenantSpec spec) {
        Settings settings = Settings.builder()
                .tenantDefaultImage("registry.example.com/openclaw")
                .ingressDomain("example.com")
                .build();
        Tenant tenant = new Tenant(
                new ResourceMetadata("opencrane", "acme", "uid-1", "7", 1, null, null, Map.of(), Map.of(), List.of()),
                spec,
                TenantStatus.empty());
        return new BlueprintInput(
                tenant,
                settings,
                "opencrane-acme",
                "example.com",
                null,
                EffectivePolicy.NONE,
                1,
                LIMITS,
                new Entitled(List.of(), List.of()));
    }
}
