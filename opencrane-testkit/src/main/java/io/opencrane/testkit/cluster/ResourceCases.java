package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.mcp.McpServer;
import io.opencrane.api.mcp.McpServerSpec;
import io.opencrane.api.mcp.McpServerStatus;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.schedule.Schedule;
import io.opencrane.api.schedule.ScheduleSpec;
import io.opencrane.api.schedule.ScheduleStatus;
import io.opencrane.api.skill.SkillRegistry;
import io.opencrane.api.skill.SkillRegistrySpec;
import io.opencrane.api.skill.SkillRegistryStatus;
import io.opencrane.api.tenant.Channel;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.port.ResourceStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Custom resources as models: made, read, changed and deleted. */
abstract class ResourceCases extends ClusterUnderTest {
    @Test
    void aTenantComesBackAsItWasMade() {
        TenantSpec spec = TenantSpec.builder("Ácme \"quoted\"", "owner@acme.com")
                .team("engineering")
                .monthlyBudgetUsd("12345678.95")
                .resources(Quantity.parse("1500m"), Quantity.parse("2Gi"))
                .skillAllowlist(List.of("b", "a"))
                .channels(List.of(new Channel("slack", FreeForm.of(Map.of("room", "#a")), "slack-token")))
                .configOverrides(FreeForm.of(Map.of("deep", Map.of("list", List.of(1, 2.5, "x", true)))))
                .build();
        Tenant wanted = newTenant("acme")
                .withSpec(spec)
                .withMetadata(ResourceMetadata.of(namespace(), "acme")
                        .withLabels(Map.of("team", "red"))
                        .withAnnotations(Map.of("example.com/note", "a note")));
        Tenant made = resources().create(wanted);
        assertThat(made.spec()).isEqualTo(spec);
        assertThat(made.metadata().labels()).isEqualTo(Map.of("team", "red"));
        assertThat(made.metadata().annotations()).isEqualTo(Map.of("example.com/note", "a note"));
        assertThat(made.metadata().uid()).isNotEmpty();
        assertThat(made.metadata().generation()).isEqualTo(1);
        assertThat(made.metadata().creationTimestamp()).isNotNull();
        assertThat(stored(made)).isEqualTo(made);
    }

    @Test
    void everyKindComesBackAsItWasMade() {
        ResourceMetadata name = ResourceMetadata.of(namespace(), "x");
        comesBack(new AccessPolicy(
                name,
                AccessPolicySpec.builder()
                        .domains(new Domains(List.of("example.com"), List.of(), false))
                        .egressRules(List.of(new EgressRule("10.0.0.0/8", List.of(443), EgressRule.Protocol.TCP)))
                        .build(),
                AccessPolicyStatus.empty()));
        comesBack(new McpServer(
                name, McpServerSpec.builder("https://mcp.example.com").build(), McpServerStatus.empty()));
        comesBack(new Schedule(name, ScheduleSpec.builder("0 * * * *", "acme").build(), ScheduleStatus.empty()));
        comesBack(new SkillRegistry(name, SkillRegistrySpec.builder().build(), SkillRegistryStatus.empty()));
        ClusterTenant customer = new ClusterTenant(
                ResourceMetadata.of("", namespace()),
                ClusterTenantSpec.builder("Acme").build(),
                ClusterTenantStatus.empty());
        resources().delete(comesBack(customer));
    }

    private <R extends Resource> R comesBack(R wanted) {
        R made = resources().create(wanted);
        assertThat(made).usingRecursiveComparison().ignoringFields("metadata").isEqualTo(wanted);
        assertThat(stored(made)).isEqualTo(made);
        return made;
    }

    @Test
    void whatNobodyMadeIsEmpty() {
        assertThat(resources().find(Tenant.class, namespace(), "acme")).isEmpty();
        assertThat(resources().find(ClusterTenant.class, "", namespace() + "-nobody"))
                .isEmpty();
    }

    @Test
    void aNewResourceHasNoStatus() {
        Tenant made = resources()
                .create(newTenant("acme")
                        .withStatus(newTenant("acme").status().toBuilder()
                                .phase(TenantPhase.RUNNING, null)
                                .build()));
        assertThat(made.status().isEmpty()).isTrue();
    }

    @Test
    void aRefusedCreateSaysWhy() {
        acme();
        assertThat(assertFails(ErrorCode.ALREADY_EXISTS, this::acme).subject())
                .isEqualTo("Tenant " + namespace() + "/acme");
        Tenant malformed =
                newTenant("other").withSpec(TenantSpec.builder("Acme", "nobody").build());
        ValidationException refused = (ValidationException)
                assertFails(ErrorCode.VALIDATION_ERROR, () -> resources().create(malformed));
        assertThat(refused.problems()).extracting(Problem::path).containsExactly("spec.email");
    }

    @Test
    void onlyWhatChangedIsWritten() {
        Tenant made = acme();
        Tenant desired = made.withSpec(made.spec().toBuilder().team("red").build())
                .withMetadata(made.metadata().withLabels(Map.of("a", "b")));
        Tenant patched = resources().patch(made, desired);
        assertThat(patched.spec()).isEqualTo(desired.spec());
        assertThat(patched.metadata().labels()).isEqualTo(Map.of("a", "b"));
        assertThat(patched.metadata().generation()).isEqualTo(2);
        assertThat(stored(made)).isEqualTo(patched);
    }

    @Test
    void nothingIsSentWhenNothingChanged() {
        Tenant made = acme();
        labelledBySomebody(made);
        // A write would be a conflict: the version moved on.
        assertThat(resources().patch(made, made.withStatus(running(made)))).isEqualTo(made);
        assertThat(resources()
                        .patchStatus(
                                made, made.withSpec(TenantSpec.builder("x", "y").build())))
                .isEqualTo(made);
    }

    private TenantStatus running(Tenant tenant) {
        return tenant.status().toBuilder()
                .phase(TenantPhase.RUNNING, "All well.")
                .build();
    }

    @Test
    void moneyComesBackByValue() {
        Tenant made = resources()
                .create(newTenant("acme")
                        .withSpec(TenantSpec.builder("Acme", "owner@acme.com")
                                .monthlyBudgetUsd("200.50")
                                .build()));
        // The server stores numbers, not their digits.
        assertThat(made.spec().monthlyBudgetUsd()).isEqualByComparingTo("200.50");
        assertThat(resources()
                        .patch(
                                made,
                                made.withSpec(made.spec().toBuilder()
                                        .monthlyBudgetUsd("200.500")
                                        .build())))
                .isEqualTo(made);
    }

    @Test
    void aFieldCanBeCleared() {
        Tenant made = resources()
                .create(newTenant("acme")
                        .withMetadata(ResourceMetadata.of(namespace(), "acme").withLabels(Map.of("a", "1", "b", "2")))
                        .withSpec(TenantSpec.builder("Acme", "owner@acme.com")
                                .team("red")
                                .configOverrides(FreeForm.of(Map.of("a", 1, "b", 2)))
                                .build()));
        Tenant patched = resources()
                .patch(
                        made,
                        made.withMetadata(made.metadata().withLabels(Map.of("b", "2")))
                                .withSpec(TenantSpec.builder("Acme", "owner@acme.com")
                                        .configOverrides(FreeForm.of(Map.of("b", 2)))
                                        .build()));
        assertThat(patched.spec().team()).isNull();
        assertThat(patched.spec().configOverrides()).isEqualTo(FreeForm.of(Map.of("b", 2)));
        assertThat(patched.metadata().labels()).isEqualTo(Map.of("b", "2"));
    }

    @Test
    void aChangeSinceTheReadIsAConflict() {
        Tenant made = acme();
        labelledBySomebody(made);
        Tenant desired = made.withSpec(made.spec().toBuilder().team("red").build());
        assertFails(ErrorCode.CONFLICT, () -> resources().patch(made, desired));
        assertFails(ErrorCode.CONFLICT, () -> resources().patchStatus(made, made.withStatus(running(made))));
        assertThat(resources()
                        .patch(stored(made), desired.withMetadata(stored(made).metadata())))
                .extracting(tenant -> tenant.spec().team())
                .isEqualTo("red");
    }

    @Test
    void whatIsGoneIsNamedByItsKind() {
        Tenant made = acme();
        resources().delete(made);
        assertFails(
                ErrorCode.TENANT_NOT_FOUND,
                () -> resources()
                        .patch(
                                made,
                                made.withSpec(
                                        made.spec().toBuilder().team("red").build())));
        assertFails(ErrorCode.TENANT_NOT_FOUND, () -> resources().patchStatus(made, made.withStatus(running(made))));
        AccessPolicy policy = resources()
                .create(new AccessPolicy(
                        ResourceMetadata.of(namespace(), "p"),
                        AccessPolicySpec.builder().build(),
                        AccessPolicyStatus.empty()));
        resources().delete(policy);
        assertFails(ErrorCode.POLICY_NOT_FOUND, () -> resources().addFinalizer(policy));
    }

    @Test
    void aStatusIsWrittenAndReplacedWithoutTouchingTheSpec() {
        Tenant made = acme();
        Condition ready =
                new Condition("Ready", Condition.Status.TRUE, "Up", "", 1, Instant.parse("2026-01-01T00:00:00Z"));
        Condition key = new Condition("ModelKeyReady", Condition.Status.FALSE, "Waiting", "Soon.", 0, null);
        Tenant first = resources()
                .patchStatus(
                        made,
                        made.withStatus(running(made).toBuilder()
                                .conditions(List.of(ready, key))
                                .placement(new Placement("", "elsewhere"))
                                .lastReconciled(Instant.parse("2026-01-01T00:00:00Z"))
                                .build()));
        assertThat(first.status().conditions()).containsExactly(ready, key);
        assertThat(first.spec()).isEqualTo(made.spec());
        assertThat(first.metadata().generation()).isEqualTo(1);
        Tenant second = resources()
                .patchStatus(
                        first,
                        first.withStatus(first.status().toBuilder()
                                .conditions(List.of(key))
                                .phase(TenantPhase.ERROR, null)
                                .placement(null)
                                .build()));
        assertThat(second.status().conditions()).containsExactly(key);
        assertThat(second.status().message()).isNull();
        assertThat(second.status().placement()).isNull();
        assertThat(second.status().lastReconciled()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(stored(made)).isEqualTo(second);
    }

    @Test
    void aListIsReadInChunksAndInOrder() {
        for (String name : List.of("c", "a", "b-1", "b")) {
            resources().create(newTenant(name));
        }
        List<String> names = new ArrayList<>();
        @Nullable String next = null;
        do {
            ResourceStore.Chunk<Tenant> chunk = resources().page(Tenant.class, namespace(), 3, next);
            chunk.items().forEach(tenant -> names.add(tenant.metadata().name()));
            next = chunk.continueToken();
        } while (next != null);
        assertThat(names).containsExactly("a", "b", "b-1", "c");
    }

    @Test
    void deleteTakesExactlyWhatWasRead() {
        Tenant first = acme();
        resources().delete(first);
        resources().delete(first);
        Tenant second = acme();
        assertFails(ErrorCode.CONFLICT, () -> resources().delete(first));
        assertThat(stored(second)).isEqualTo(second);
    }
}
