package io.opencrane.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.BudgetEvent;
import io.opencrane.api.budget.BudgetService;
import io.opencrane.api.budget.CeilingCheck;
import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.budget.Spend;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The example of docs/budgets.md; {@link ReadmeTest} runs it and compares the two. */
final class BudgetsExample {
    private static final List<Object> SEEN = new ArrayList<>();

    private BudgetsExample() {}

    static void run() {
        SecretText masterKey = SecretText.of("sk-master");
        TestClock clock = TestClock.at("2026-01-10T12:00:00Z");
        TenantId acme = new TenantId("opencrane", "acme");
        InstanceScope scope = InstanceScope.namespace("opencrane");
        try (FakeLiteLlm liteLlm = FakeLiteLlm.start(masterKey, clock)) {
            Settings settings = Settings.builder()
                    .namespace("opencrane")
                    .watchNamespaces("opencrane")
                    .instanceId("docs")
                    .liteLlmEnabled(true)
                    .liteLlmEndpoint(liteLlm.endpoint())
                    .liteLlmMasterKey(masterKey)
                    .build();
            KubernetesCluster cluster =
                    KubernetesCluster.over(InMemoryCluster.create(scope, clock).objects(), scope);
            LiteLlmGateway gateway =
                    LiteLlmGateway.builder(liteLlm.endpoint(), masterKey).build();
            OpenCrane openCrane = OpenCrane.builder()
                    .cluster(cluster)
                    .projection(new InMemoryProjection(clock))
                    .modelGateway(gateway)
                    .settings(settings)
                    .clock(clock)
                    .build();
            openCrane
                    .tenants()
                    .create(NewTenant.builder("acme", "ACME", "a@acme.com")
                            .monthlyBudgetUsd("200")
                            .build());
            TenantReconciler.builder(cluster, settings)
                    .modelGateway(gateway)
                    .clock(clock)
                    .build()
                    .reconcile(acme);
            liteLlm.spend("oc-docs-opencrane-acme", new BigDecimal("170"));
            openCrane.budgets().setCeiling(BudgetAccount.global(), new BigDecimal("600"));

            example(openCrane, acme);

            assertThat(openCrane.tenants().get(acme).spec().monthlyBudgetUsd()).isEqualByComparingTo("500");
            assertThat(openCrane.budgets().keys(acme).get(0).keyAlias()).endsWith("/2");
            assertThat(openCrane.budgets().spend(acme).blocked()).isTrue();
            assertThat(SEEN).hasSize(1).first().isInstanceOf(BudgetEvent.class);
        }
    }

    // spotless:off
    private static void example(OpenCrane openCrane, TenantId acme) {
        // docs/budgets.md begins
        BudgetService budgets = openCrane.budgets();

        Spend spend = budgets.spend(acme);                     // against the budget that is enforced, by model
        budgets.checkThresholds(event -> mail(event));         // from your scheduler: 80 and 100 %, each told once

        List<CeilingCheck> checks = budgets.checkCeilings(acme, new BigDecimal("500"));
        if (checks.stream().allMatch(CeilingCheck::fits)) {
            openCrane.tenants().update(acme, TenantPatch.builder().monthlyBudgetUsd("500").build());
        }

        budgets.rotateKey(acme, budgets.keys(acme).get(0).keyAlias());
        budgets.block(acme, "Its laptop was stolen.");         // until unblock
        budgets.sweep(RepairMode.DRY_RUN).findings().forEach(finding -> report(finding));
        // docs/budgets.md ends
        assertThat(spend.totalCostUsd()).isEqualByComparingTo("170");
    }
    // spotless:on

    private static void mail(BudgetEvent event) {
        SEEN.add(event);
    }

    private static void report(KeyFinding finding) {
        SEEN.add(finding);
    }
}
