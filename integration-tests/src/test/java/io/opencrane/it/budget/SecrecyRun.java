package io.opencrane.it.budget;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.BudgetService;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.settings.Settings;
import io.opencrane.it.budget.Exhibits.Place;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.litellm.LiteLlmDatabase;
import io.opencrane.testkit.litellm.LiteLlmFault;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** The life of a few tenants and their keys, in a JVM of its own whose loggers all speak. {@link SecrecyTest} searches what it shows. */
final class SecrecyRun implements AutoCloseable {
    /** Nothing that a pattern would recognise as a key. */
    private static final SecretText MASTER_KEY = SecretText.of("The/Master+Key~of(the)Proxy==");

    private static final String NAMESPACE = "opencrane";
    private static final List<TenantId> TENANTS =
            Stream.of("acme", "taken", "blocked").map(SecrecyRun::id).toList();
    private static final TenantId ACME = TENANTS.get(0);
    private static final Set<String> WRITES =
            Set.of("reconcile", "ensure", "rotate", "repair", "block", "mend", "agree", "revoke");
    private static final List<LiteLlmFault> FAULTS = List.of(
            LiteLlmFault.status(400),
            LiteLlmFault.status(401),
            LiteLlmFault.status(403),
            LiteLlmFault.status(404),
            LiteLlmFault.status(422),
            LiteLlmFault.status(429),
            LiteLlmFault.status(500),
            LiteLlmFault.status(503),
            LiteLlmFault.lookupFailsAsNotFound(),
            LiteLlmFault.dropRequest(),
            LiteLlmFault.loseAnswer(),
            LiteLlmFault.withholdAnswer());

    private final Exhibits exhibits;
    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final InstanceScope scope = InstanceScope.namespace(NAMESPACE);
    private final ObjectStore objects = InMemoryCluster.create(scope, clock).objects();
    private final KubernetesCluster cluster = KubernetesCluster.over(objects, scope);
    private final InMemoryProjection projection = new InMemoryProjection(clock);
    private final FakeKubelet kubelet = FakeKubelet.withControllers(objects);
    private final FakeLiteLlm liteLlm = FakeLiteLlm.start(MASTER_KEY, clock);
    private final EchoingProxy proxy = new EchoingProxy(liteLlm.endpoint());
    private final OpenCrane openCrane;
    private final TenantReconciler reconciler;

    private SecrecyRun(Exhibits exhibits) {
        this.exhibits = exhibits;
        Settings settings = Settings.builder()
                .namespace(NAMESPACE)
                .watchNamespaces(NAMESPACE)
                .instanceId("secrecy")
                .liteLlmEnabled(true)
                .liteLlmEndpoint(proxy.endpoint())
                .liteLlmMasterKey(MASTER_KEY)
                .build();
        LiteLlmGateway gateway = LiteLlmGateway.builder(proxy.endpoint(), MASTER_KEY)
                .requestTimeout(Duration.ofMillis(200))
                .attempts(2, Duration.ofMillis(1))
                .clock(clock)
                .build();
        openCrane = OpenCrane.builder()
                .cluster(cluster)
                .projection(projection)
                .modelGateway(gateway)
                .settings(settings)
                .clock(clock)
                .build();
        reconciler = TenantReconciler.builder(cluster, settings)
                .modelGateway(gateway)
                .clock(clock)
                .build();
        exhibits.secret("master", MASTER_KEY.reveal());
        exhibits.showResult("settings", settings.toString());
        exhibits.show(Place.TO_STRING, "parts", gateway + " " + openCrane + " " + reconciler + " " + MASTER_KEY);
    }

    private static TenantId id(String name) {
        return new TenantId(NAMESPACE, name);
    }

    /**
     * Runs the life.
     *
     * @param arguments the directory for what it shows
     */
    public static void main(String[] arguments) {
        Exhibits exhibits = new Exhibits(Path.of(arguments[0]));
        try (SecrecyRun run = new SecrecyRun(exhibits)) {
            run.begin();
            run.liveWell();
            run.liveBadly();
            run.end();
            run.plant(arguments[1]);
        }
        System.exit(0);
    }

    private void begin() {
        SecretText theirs = liteLlm.addKey("acme-key", BigDecimal.TEN, "30d", BigDecimal.ONE);
        exhibits.secret("raw", theirs.reveal());
        TenantChildren children = new TenantChildren("taken", NAMESPACE);
        GenericKubernetesResource secret = object(children.modelKey().name());
        secret.setKind("Secret");
        secret.getMetadata().setLabels(children.labels());
        secret.setAdditionalProperty("data", Map.of("apiKey", encoded(theirs.reveal())));
        objects.create(secret);
        for (TenantId tenant : TENANTS) {
            must(
                    "create",
                    () -> openCrane
                            .tenants()
                            .create(NewTenant.builder(tenant.name(), "Tenant", "owner@example.com")
                                    .monthlyBudgetUsd("20")
                                    .build()));
            must("reconcile", () -> reconcile(tenant));
        }
        runPods();
        List<String> aliases = openCrane.budgets().keys(TENANTS.get(1)).stream()
                .map(ModelKeyMetadata::keyAlias)
                .toList();
        if (!aliases.equals(List.of("acme-key"))) {
            throw new IllegalStateException("not taken over: " + aliases);
        }
    }

    /** What was done, and its parts, which are the only ones with a JSON of their own. */
    private Object reconcile(TenantId tenant) {
        return reconciler
                .reconcile(tenant)
                .map(done ->
                        List.of(done, done.tenant(), done.modelKey().stream().toList()))
                .orElse(List.of());
    }

    private void runPods() {
        kubelet.runOnce();
        for (TenantId tenant : TENANTS) {
            must("reconcile", () -> reconcile(tenant));
        }
    }

    private void liveWell() {
        BudgetService budgets = openCrane.budgets();
        for (TenantId tenant : TENANTS) {
            String alias = budgets.keys(tenant).get(0).keyAlias();
            must("rotate", () -> budgets.rotateKey(tenant, alias));
            must("plan", () -> reconciler.plan(tenant));
            runPods();
            runPods();
        }
        must("ceiling", () -> {
            budgets.setCeiling(BudgetAccount.global(), BigDecimal.TEN);
            return budgets.ceiling(BudgetAccount.global());
        });
        must("ceilings", () -> budgets.checkCeilings(ACME, BigDecimal.ONE));
        operations(ACME).forEach(this::must);
        runPods();
        liteLlm.keys().forEach(key -> liteLlm.call(key.hash(), "gpt-5", new BigDecimal("18")));
        must("thresholds", () -> budgets.checkThresholds(event -> exhibits.showResult("event", event)));
        TENANTS.forEach(tenant -> must("spend", () -> budgets.spend(tenant)));
        // A tenant without a key, one whose key is dead, and a key without a tenant.
        must("revoke", () -> budgets.revokeKey(TENANTS.get(1)));
        liteLlm.clear();
        must("sweep", () -> budgets.sweep(RepairMode.APPLY));
    }

    /** Everything that speaks to the gateway. */
    private Map<String, Supplier<Object>> operations(TenantId tenant) {
        BudgetService budgets = openCrane.budgets();
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("plan", () -> reconciler.plan(tenant));
        all.put("reconcile", () -> reconcile(tenant));
        all.put("ensure", () -> budgets.ensureKey(tenant));
        all.put("keys", () -> budgets.keys(tenant));
        all.put(
                "rotate",
                () -> budgets.rotateKey(tenant, budgets.keys(tenant).get(0).keyAlias()));
        all.put("roll", () -> reconcile(tenant));
        all.put("truth", () -> budgets.checkTruth(tenant, RepairMode.DRY_RUN));
        all.put("repair", () -> budgets.checkTruth(tenant, RepairMode.APPLY));
        all.put("block", () -> budgets.block(tenant, "It did not pay."));
        all.put("unblock", () -> budgets.unblock(tenant, "It paid."));
        all.put("spend", () -> budgets.spend(tenant));
        all.put(
                "thresholds",
                () -> budgets.checkThresholds(event -> exhibits.showResult("event", event), List.of(1, 50)));
        all.put("sweep", () -> budgets.sweep(RepairMode.DRY_RUN));
        all.put("mend", () -> budgets.sweep(RepairMode.APPLY));
        all.put("budget", () -> {
            BigDecimal now = openCrane.tenants().get(tenant).spec().monthlyBudgetUsd();
            return openCrane
                    .tenants()
                    .update(
                            tenant,
                            TenantPatch.builder()
                                    .monthlyBudgetUsd(now.add(BigDecimal.ONE).toPlainString())
                                    .build());
        });
        all.put("agree", () -> reconcile(tenant));
        all.put("health", openCrane::health);
        all.put("revoke", () -> budgets.revokeKey(tenant));
        all.put("again", () -> reconcile(tenant));
        all.put("drift", () -> openCrane.projections().repair(ResourceKind.TENANT, RepairMode.APPLY));
        return all;
    }

    private void liveBadly() {
        for (LiteLlmFault fault : FAULTS) {
            operations(ACME).forEach((what, operation) -> {
                liteLlm.failNext("*", 2, fault);
                may(fault + " " + what, operation);
                liteLlm.clearFaults();
                if (WRITES.contains(what)) {
                    liteLlm.failAfter(2, fault);
                    may(fault + " later " + what, operation);
                    liteLlm.clearFaults();
                }
            });
            kubelet.runOnce();
        }
        for (EchoingProxy.Manner manner : EchoingProxy.Manner.values()) {
            operations(ACME).forEach((what, operation) -> {
                proxy.answer(manner);
                may(manner + " " + what, operation);
            });
            proxy.answer(EchoingProxy.Manner.FORWARD);
            kubelet.runOnce();
            may("after " + manner, () -> reconcile(ACME));
        }
        for (LiteLlmDatabase outage : List.of(LiteLlmDatabase.LOST, LiteLlmDatabase.NEVER_CONNECTED)) {
            liteLlm.database(outage);
            operations(ACME).forEach((what, operation) -> may(outage + " " + what, operation));
            liteLlm.database(LiteLlmDatabase.CONNECTED);
        }
        liteLlm.stop();
        operations(ACME).forEach((what, operation) -> may("stopped " + what, operation));
        liteLlm.start();
    }

    private void end() {
        for (TenantId tenant : TENANTS) {
            must("delete", () -> openCrane.tenants().delete(tenant));
            must("clean up", () -> reconcile(tenant));
        }
        if (!liteLlm.keys().isEmpty()) {
            throw new IllegalStateException("left behind: " + liteLlm.keys());
        }
    }

    private void must(String what, Supplier<Object> operation) {
        clock.advance(Duration.ofSeconds(31)); // past the circuit's wait
        exhibits.showResult(what, operation.get());
        look(what);
    }

    private void may(String what, Supplier<Object> operation) {
        clock.advance(Duration.ofSeconds(31));
        try {
            exhibits.showResult(what, operation.get());
        } catch (OpenCraneException e) {
            exhibits.showFailure(what, e);
        }
        look(what);
    }

    /** Cluster and projection as they are now, and every secret that is in a Secret. */
    private void look(String what) {
        Stream.concat(
                        Stream.of(
                                ObjectType.POD,
                                ObjectType.SERVICE_ACCOUNT,
                                ObjectType.SECRET,
                                ObjectType.CONFIG_MAP,
                                ObjectType.PERSISTENT_VOLUME_CLAIM,
                                ObjectType.SERVICE,
                                ObjectType.DEPLOYMENT,
                                ObjectType.INGRESS),
                        Stream.of(ResourceKind.TENANT).map(ObjectType::of))
                .flatMap(type -> ObjectReader.of(objects).list(type, NAMESPACE, Filter.all()).stream())
                .forEach(object -> exhibits.show(Place.CLUSTER, what, exhibits.json(withoutSecrets(object))));
        TENANTS.forEach(tenant -> {
            exhibits.show(Place.ROWS, what, String.valueOf(projection.tenants().find(tenant)));
            exhibits.show(Place.ROWS, what, String.valueOf(projection.keys(tenant)));
        });
        exhibits.show(Place.ROWS, what, projection.budgetMarks() + " " + projection.ceilings());
        projection.audit(null, 20).forEach(entry -> exhibits.show(Place.ROWS, what, String.valueOf(entry)));
    }

    private GenericKubernetesResource withoutSecrets(GenericKubernetesResource object) {
        if (!"Secret".equals(object.getKind())) {
            return object;
        }
        Map<?, ?> data = (Map<?, ?>) object.getAdditionalProperties().remove("data");
        data.forEach((name, encoded) -> {
            byte[] bytes = Base64.getDecoder().decode(String.valueOf(encoded));
            if (String.valueOf(name).startsWith("apiKey")) {
                SecretText raw = SecretText.of(new String(bytes, StandardCharsets.UTF_8));
                exhibits.secret("raw", raw.reveal());
                exhibits.secret("hash", KeyJournal.hash(raw));
            }
            exhibits.secret("encoded", String.valueOf(encoded));
        });
        object.getMetadata().getAnnotations().keySet().removeIf(name -> name.endsWith("key-hash"));
        return object;
    }

    /** Shows a secret in every place, to prove that each is searched. */
    private void plant(String secret) {
        LoggerFactory.getLogger(LiteLlmGateway.class).trace("planted {}", secret);
        System.getLogger("jdk.httpclient.HttpClient").log(System.Logger.Level.TRACE, "planted " + secret);
        System.out.println("planted " + secret);
        exhibits.showFailure("planted", new IllegalStateException("none", new IllegalArgumentException(secret)));
        exhibits.showResult("planted", List.of(secret));
        GenericKubernetesResource map = object("planted");
        map.setKind("ConfigMap");
        map.getMetadata().getAnnotations().put("planted", secret);
        objects.create(map);
        projection.append(new AuditEntry(clock.instant(), ACME, "planted", "it", secret, FreeForm.empty()));
        look("planted");
    }

    private static GenericKubernetesResource object(String name) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion("v1");
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withAnnotations(new LinkedHashMap<>())
                .build());
        return object;
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        proxy.close();
        liteLlm.close();
    }
}
