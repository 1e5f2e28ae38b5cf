package io.opencrane.it.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.crd.CrdBundle.Installed;
import io.opencrane.k8s.crd.CrdBundle.Outcome;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** On a control plane of its own, because it removes the definitions that all other tests stand on. */
@ControlPlaneTest
@TestInstance(Lifecycle.PER_CLASS)
class CrdInstallTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final CrdBundle bundle = CrdBundle.load();
    private ControlPlane own;
    private KubernetesClient client;

    @BeforeAll
    void start() {
        own = ControlPlane.start();
        client = Crds.client(own);
    }

    @AfterAll
    void stop() {
        if (own != null) {
            client.close();
            own.close();
        }
    }

    @BeforeEach
    void removeAllDefinitions() {
        for (GenericKubernetesResource definition :
                Crds.definitions(client).list().getItems()) {
            Crds.definitions(client).resource(definition).delete();
            Crds.definitions(client).resource(definition).waitUntilCondition(Objects::isNull, 30, TimeUnit.SECONDS);
        }
    }

    @Test
    void installFromNothingEstablishesAllSix() {
        List<Installed> installed = bundle.install(client, DEADLINE);
        assertThat(installed).extracting(Installed::kind).containsExactly(ResourceKind.values());
        assertThat(installed).extracting(Installed::outcome).containsOnly(Outcome.CREATED);
        for (ResourceKind kind : ResourceKind.values()) {
            assertThat(conditions(kind))
                    .as("%s: a NonStructuralSchema condition would be here too", kind)
                    .containsExactlyInAnyOrderEntriesOf(Map.of("NamesAccepted", "True", "Established", "True"));
            assertThat(Crds.resources(client, kind).list().getItems()).isEmpty();
        }
    }

    @Test
    void installingTwiceChangesNothing() {
        bundle.install(client, DEADLINE);
        Map<ResourceKind, String> before = versions();
        List<Installed> again = bundle.install(client, DEADLINE);
        assertThat(again).extracting(Installed::outcome).containsOnly(Outcome.UNCHANGED);
        assertThat(versions()).isEqualTo(before);
        assertThat(again.stream().collect(Collectors.toMap(Installed::kind, Installed::resourceVersion)))
                .isEqualTo(before);
    }

    @Test
    void installTakesOverWhatKubectlAppliedAndKeepsItsExtras() {
        Config config = Crds.config(own);
        config.setUserAgent("kubectl-client-side-apply"); // the server makes the field manager of it
        try (KubernetesClient kubectl = Crds.client(config)) {
            createOlderBundle(kubectl);
        }
        assertThat(live(ResourceKind.TENANT).getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .contains("kubectl-client-side-apply");
        List<Installed> installed = bundle.install(client, DEADLINE);
        assertThat(installed).extracting(Installed::outcome).containsOnly(Outcome.UPDATED);
        for (ResourceKind kind : ResourceKind.values()) {
            GenericKubernetesResource live = live(kind);
            assertThat(version(live).get("additionalPrinterColumns"))
                    .isEqualTo(version(bundle.definition(kind)).get("additionalPrinterColumns"));
            assertThat(properties(live, "status").keySet())
                    .isEqualTo(properties(bundle.definition(kind), "status").keySet());
            assertThat(live.getMetadata().getLabels())
                    .containsEntry("theirs", "stays")
                    .containsEntry("app.kubernetes.io/part-of", "opencrane");
        }
        assertThat(bundle.install(client, DEADLINE))
                .extracting(Installed::outcome)
                .containsOnly(Outcome.UNCHANGED);
    }

    @Test
    void objectsOfAnEarlierBundleSurviveAnInstall() {
        bundle.install(client, DEADLINE);
        GenericKubernetesResource earlier = live(ResourceKind.TENANT);
        properties(earlier, "status").remove("placement");
        Crds.definitions(client).resource(earlier).update();
        String uid = Crds.resources(client, ResourceKind.TENANT)
                .resource(Samples.object(client, Samples.full(ResourceKind.TENANT, "survivor")))
                .create()
                .getMetadata()
                .getUid();
        bundle.install(client, DEADLINE);
        assertThat(Crds.resources(client, ResourceKind.TENANT)
                        .withName("survivor")
                        .get()
                        .getMetadata()
                        .getUid())
                .isEqualTo(uid);
    }

    @Test
    void aLaterBundleIsLeftInPlace() {
        GenericKubernetesResource later = bundle.definition(ResourceKind.TENANT);
        later.getMetadata().getAnnotations().put(CrdBundle.VERSION_ANNOTATION, "v1alpha1 (10)");
        properties(later, "spec").put("ofTheFuture", Map.of("type", "string"));
        Crds.definitions(client).resource(later).create();
        Installed tenant = bundle.install(client, DEADLINE).get(0);
        assertThat(tenant.outcome()).isEqualTo(Outcome.NEWER_KEPT);
        assertThat(properties(live(ResourceKind.TENANT), "spec")).containsKey("ofTheFuture");
    }

    @Test
    void aDefinitionWithoutOurVersionIsRefusedUntouched() {
        GenericKubernetesResource other = bundle.definition(ResourceKind.SCHEDULE);
        version(other).put("name", "v7");
        Crds.definitions(client).resource(other).create();
        OpenCraneException refused = failure(client);
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refused.subject()).contains("schedules.opencrane.io");
        assertThat(version(live(ResourceKind.SCHEDULE))).containsEntry("name", "v7");
    }

    @Test
    void aTakenKindIsAConflictAndNotATimeout() {
        GenericKubernetesResource squatter = bundle.definition(ResourceKind.TENANT);
        squatter.getMetadata().setName("lodgers.opencrane.io");
        Map<String, Object> names = squatter.get("spec", "names");
        names.put("plural", "lodgers");
        names.put("singular", "lodger");
        names.remove("shortNames");
        Crds.definitions(client).resource(squatter).create();
        Crds.definitions(client)
                .resource(squatter)
                .waitUntilCondition(live -> !conditionsOf(live).isEmpty(), 30, TimeUnit.SECONDS);
        OpenCraneException refused = failure(client);
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refused.subject()).contains("tenants.opencrane.io");
    }

    @Test
    void whoMayNotOrIsNotKnownIsToldSo() {
        Config nobody = Crds.config(own);
        nobody.setImpersonateUsername("nobody");
        try (KubernetesClient client = Crds.client(nobody)) {
            assertThat(failure(client)).satisfies(refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.FORBIDDEN);
                assertThat(refused.isRetryable()).isFalse();
            });
        }
        Config stranger = Crds.config(own);
        stranger.setAutoOAuthToken("not-the-token");
        try (KubernetesClient client = Crds.client(stranger)) {
            assertThat(failure(client).code()).isEqualTo(ErrorCode.UNAUTHORIZED);
        }
    }

    @Test
    void anUnreachableServerIsAPassingFailure() throws IOException {
        Config nowhere = Crds.config(own);
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere.setMasterUrl("https://127.0.0.1:" + closedSoon.getLocalPort() + "/");
        }
        try (KubernetesClient client = Crds.client(nowhere)) {
            assertThat(failure(client)).satisfies(failed -> {
                assertThat(failed.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
                assertThat(failed.isRetryable()).isTrue();
            });
        }
    }

    @Test
    void aDeadlineThatPassesIsATimeout() {
        OpenCraneException late =
                catchThrowableOfType(OpenCraneException.class, () -> bundle.install(client, Duration.ofMillis(1)));
        assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(late.isRetryable()).isTrue();
    }

    private void createOlderBundle(KubernetesClient kubectl) {
        for (ResourceKind kind : ResourceKind.values()) {
            GenericKubernetesResource older = bundle.definition(kind);
            older.getMetadata().setAnnotations(Map.of("kubectl.kubernetes.io/last-applied-configuration", "{}"));
            older.getMetadata().setLabels(Map.of("app.kubernetes.io/part-of", "a-chart", "theirs", "stays"));
            version(older).remove("additionalPrinterColumns");
            properties(older, "status").remove("conditions");
            Crds.definitions(kubectl).resource(older).create();
        }
    }

    private OpenCraneException failure(KubernetesClient with) {
        return catchThrowableOfType(OpenCraneException.class, () -> bundle.install(with, DEADLINE));
    }

    private GenericKubernetesResource live(ResourceKind kind) {
        return Crds.definitions(client).withName(CrdBundle.definitionName(kind)).get();
    }

    private Map<ResourceKind, String> versions() {
        return List.of(ResourceKind.values()).stream()
                .collect(Collectors.toMap(
                        Function.identity(), kind -> live(kind).getMetadata().getResourceVersion()));
    }

    private Map<String, String> conditions(ResourceKind kind) {
        return conditionsOf(live(kind));
    }

    private static Map<String, String> conditionsOf(GenericKubernetesResource live) {
        List<Map<String, String>> conditions = live.get("status", "conditions");
        return conditions == null
                ? Map.of()
                : conditions.stream().collect(Collectors.toMap(one -> one.get("type"), one -> one.get("status")));
    }

    private static Map<String, Object> version(GenericKubernetesResource definition) {
        List<Map<String, Object>> versions = definition.get("spec", "versions");
        return versions.get(0);
    }

    private static Map<String, Object> properties(GenericKubernetesResource definition, String part) {
        return definition.get("spec", "versions", 0, "schema", "openAPIV3Schema", "properties", part, "properties");
    }
}
