package io.opencrane.samples.quickstart;

import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.budget.Spend;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.projection.RepairReport;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantChange;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.reconcile.ReconcileResult;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.postgres.PostgresProjection;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates a tenant, runs it, rotates its model key, breaks and mends its projection, and deletes it; fails if any step is not as promised. */
public final class Quickstart {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Parts parts;
    private final PrintStream out;
    private final TenantId acme = new TenantId(Parts.NAMESPACE, "acme");
    private final TenantChildren children = new TenantChildren("acme", Parts.NAMESPACE);
    private final PostgresProjection projection;
    private final OpenCrane openCrane;
    private final TenantReconciler reconciler;

    private Quickstart(Parts parts, PrintStream out) {
        this.parts = parts;
        this.out = out;
        Settings settings = Settings.builder()
                .namespace(Parts.NAMESPACE)
                .watchNamespaces(Parts.NAMESPACE)
                .ingressDomain("tenants.example.com")
                .liteLlmEnabled(true)
                .liteLlmEndpoint(parts.liteLlmEndpoint)
                .liteLlmMasterKey(parts.masterKey())
                .build();
        projection = PostgresProjection.using(parts.dataSource);
        openCrane = OpenCrane.builder()
                .cluster(parts.cluster)
                .projection(projection)
                .modelGateway(parts.gateway)
                .settings(settings)
                .build();
        reconciler = TenantReconciler.builder(parts.cluster, settings)
                .modelGateway(parts.gateway)
                .build();
    }

    /**
     * Runs the quickstart and exits with its code.
     *
     * @param args see the README
     */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /**
     * Runs the quickstart.
     *
     * @param args the command line
     * @param out where its story goes
     * @param err where a failure goes, in one line
     * @return 0 if every step was as promised, 1 if not, 2 for a wrong command line
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return 2;
        }
        try (Parts parts = new Parts(options)) {
            new Quickstart(parts, out).tell();
            return 0;
        } catch (Exception e) {
            err.println("FAILED: " + e.getMessage());
            return 1;
        }
    }

    private void tell() throws Exception {
        projection.migrate();
        create();
        listObjects();
        keyAndBudget();
        driftAndRepair();
        suspendAndResume();
        delete();
        out.println("\nEverything was as promised.");
    }

    private void create() throws InterruptedException {
        title("Create tenant acme and reconcile until it runs");
        TenantChange created = openCrane
                .tenants()
                .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                        .team("engineering")
                        .monthlyBudgetUsd("200")
                        .build());
        say("created %s, projection %s", created.tenant().id(), created.projection());
        ReconcileResult result = reconcileUntil(TenantPhase.RUNNING);
        say(
                "phase %s, host %s",
                result.tenant().status().phase(), result.tenant().status().ingressHost());
    }

    private void listObjects() {
        title("The objects it is made of");
        List<ObjectRef> there = existing();
        there.forEach(ref -> say("%s", ref));
        check(there.size() == all().size(), "all of its objects exist");
    }

    private void keyAndBudget() throws InterruptedException {
        title("Its model key and its budget");
        ModelKeyMetadata first = openCrane.budgets().ensureKey(acme).key();
        say(
                "model key %s in Secret %s, %s USD a month, issued %s",
                first.keyAlias(), first.secretName(), first.monthlyBudgetUsd(), first.issuedAt());
        Spend spend = openCrane.budgets().spend(acme);
        say("spent %s of %s USD, resets at %s", spend.totalCostUsd(), spend.monthlyBudgetUsd(), spend.resetsAt());

        openCrane.budgets().rotateKey(acme, first.keyAlias());
        reconcileUntil(TenantPhase.RUNNING);
        List<ModelKeyMetadata> keys = openCrane.budgets().keys(acme);
        keys.forEach(key -> say("key %s, ended %s", key.keyAlias(), key.revokedAt()));
        check(keys.size() == 2 && keys.get(0).revokedAt() == null, "the new key lives");
        check(keys.get(1).revokedAt() != null, "the old key is dead once the pod has rolled");
    }

    private void driftAndRepair() throws SQLException {
        title("Break its row behind the library's back, then repair");
        try (Connection connection = parts.dataSource.getConnection();
                PreparedStatement sabotage = connection.prepareStatement(
                        "UPDATE opencrane.tenants SET email = 'mallory@example.com' WHERE name = 'acme'")) {
            check(sabotage.executeUpdate() == 1, "one row was broken");
        }
        DriftReport drift = openCrane.projections().drift(ResourceKind.TENANT);
        drift.mismatches().forEach(m -> say("drift: %s %s %s", m.name(), m.issue(), m.differences()));
        check(drift.summary().driftCount() == 1, "the drift is seen");

        RepairReport would = openCrane.projections().repair(ResourceKind.TENANT, RepairMode.DRY_RUN);
        would.entries().forEach(e -> say("dry run: would be %s: %s, %s", e.action(), e.name(), e.reason()));
        check(
                openCrane.projections().drift(ResourceKind.TENANT).summary().driftCount() == 1,
                "a dry run writes nothing");

        RepairReport done = openCrane.projections().repair(ResourceKind.TENANT, RepairMode.APPLY);
        say("repaired %d", done.repairedCount());
        check(openCrane.projections().drift(ResourceKind.TENANT).isClean(), "no drift is left");
    }

    private void suspendAndResume() throws InterruptedException {
        title("Suspend and resume");
        openCrane.tenants().suspend(acme);
        say("phase %s", reconcileUntil(TenantPhase.SUSPENDED).tenant().status().phase());
        openCrane.tenants().resume(acme);
        say("phase %s", reconcileUntil(TenantPhase.RUNNING).tenant().status().phase());
    }

    private void delete() throws InterruptedException {
        title("Delete it");
        openCrane.tenants().delete(acme);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (reconciler.reconcile(acme).isPresent()) {
            pause(deadline, "the tenant to go");
        }
        List<ObjectRef> kept = existing();
        kept.forEach(ref -> say("kept: %s", ref));
        check(kept.equals(List.of(children.encryptionKey(), children.state())), "encryption key and state are kept");
        check(openCrane.tenants().find(acme).isEmpty(), "the tenant is gone");
        check(projection.tenants().find(acme).isEmpty(), "its row is gone");
    }

    private ReconcileResult reconcileUntil(TenantPhase phase) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            Optional<ReconcileResult> result = reconciler.reconcile(acme);
            Tenant tenant = result.map(ReconcileResult::tenant).orElseThrow();
            if (tenant.status().phase() == phase) {
                return result.get();
            }
            pause(deadline, "phase " + phase + "; it says: " + tenant.status().message());
        }
    }

    /** In memory the fake kubelet does its work; on a real cluster the real ones need time. */
    private void pause(Instant deadline, String what) throws InterruptedException {
        check(Instant.now().isBefore(deadline), "waited for " + what);
        if (parts.kubelet.isPresent()) {
            parts.kubelet.get().runOnce();
        } else {
            Thread.sleep(300);
        }
    }

    private List<ObjectRef> all() {
        return List.of(
                children.serviceAccount(),
                children.encryptionKey(),
                children.modelKey(),
                children.config(),
                children.state(),
                children.deployment(),
                children.service(),
                children.ingress());
    }

    private List<ObjectRef> existing() {
        return all().stream()
                .filter(ref -> parts.cluster.objects().get(ref).isPresent())
                .toList();
    }

    private void check(boolean holds, String promise) {
        if (!holds) {
            throw new IllegalStateException("Not as promised: " + promise);
        }
    }

    private void title(String text) {
        out.println("\n== " + text);
    }

    private void say(String format, @Nullable Object... args) {
        out.printf("   " + format + "%n", args);
    }
}
