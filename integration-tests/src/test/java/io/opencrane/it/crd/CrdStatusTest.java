package io.opencrane.it.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What we write is what the server keeps: a field that a definition does not declare would be pruned without a word. */
@ControlPlaneTest
@TestInstance(Lifecycle.PER_CLASS)
class CrdStatusTest {
    private static final String NAME = "crd-status-test";

    private KubernetesClient client;

    @BeforeAll
    void install(ControlPlane controlPlane) {
        client = Crds.client(controlPlane);
        CrdBundle.load().install(client, Duration.ofSeconds(30));
    }

    @AfterEach
    void remove() {
        for (ResourceKind kind : ResourceKind.values()) {
            Crds.resources(client, kind).withName(NAME).delete();
        }
    }

    @AfterAll
    void close() {
        if (client != null) {
            client.close();
        }
    }

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void everyFieldOfAFullResourceSurvivesTheServer(ResourceKind kind) throws ReflectiveOperationException {
        Resource full = Samples.full(kind, NAME);
        assertNothingIsLeftOut(kind.kind() + ".spec", part(full, "spec"));
        assertNothingIsLeftOut(kind.kind() + ".status", part(full, "status"));

        GenericKubernetesResource wanted = Samples.object(client, full);
        GenericKubernetesResource created =
                Crds.resources(client, kind).resource(wanted).create();
        assertThat(created.<Object>get("status"))
                .as("a create does not write status")
                .isNull();
        String patch = client.getKubernetesSerialization().asJson(Map.of("status", wanted.<Object>get("status")));
        Crds.resources(client, kind)
                .withName(NAME)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);

        GenericKubernetesResource live =
                Crds.resources(client, kind).withName(NAME).get();
        Resource read = Samples.model(client, kind, live);
        assertThat(part(read, "status")).isEqualTo(part(full, "status"));
        assertThat(part(read, "spec")).isEqualTo(part(full, "spec"));
        assertThat(Samples.object(client, read).<Object>get("status")).isEqualTo(live.<Object>get("status"));
    }

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void aStatusWriteDoesNotTouchTheSpecOrTheGeneration(ResourceKind kind) {
        GenericKubernetesResource created = Crds.resources(client, kind)
                .resource(Samples.object(client, Samples.full(kind, NAME)))
                .create();
        Crds.resources(client, kind)
                .withName(NAME)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"displayName\":\"x\",\"description\":\"x\"},"
                                + "\"status\":{\"lastReconciled\":\"2026-01-02T03:04:05Z\"}}");
        GenericKubernetesResource live =
                Crds.resources(client, kind).withName(NAME).get();
        assertThat(live.<Object>get("spec")).isEqualTo(created.<Object>get("spec"));
        assertThat(live.<String>get("status", "lastReconciled")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(live.getMetadata().getGeneration())
                .isEqualTo(created.getMetadata().getGeneration());
    }

    @Test
    void aConditionWithoutWordsIsTaken() {
        Tenant full = (Tenant) Samples.full(ResourceKind.TENANT, NAME);
        Condition bare = new Condition("Ready", Condition.Status.UNKNOWN, "", "", 0, null);
        Tenant tenant = full.withStatus(
                full.status().toBuilder().conditions(List.of(bare)).build());
        GenericKubernetesResource wanted = Samples.object(client, tenant);
        Crds.resources(client, ResourceKind.TENANT).resource(wanted).create();
        GenericKubernetesResource live = Crds.resources(client, ResourceKind.TENANT)
                .withName(NAME)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        client.getKubernetesSerialization().asJson(Map.of("status", wanted.<Object>get("status"))));
        assertThat(((Tenant) Samples.model(client, ResourceKind.TENANT, live)).status())
                .isEqualTo(tenant.status());
    }

    private static Object part(Resource resource, String name) throws ReflectiveOperationException {
        return resource.getClass().getMethod(name).invoke(resource);
    }

    /** A sample that leaves a field out would prove nothing about it. */
    private static void assertNothingIsLeftOut(String path, Object value) throws ReflectiveOperationException {
        assertThat(value).as(path).isNotNull();
        if (value instanceof Collection<?> many) {
            assertThat(many).as(path).isNotEmpty();
            for (Object one : many) {
                assertNothingIsLeftOut(path + "[]", one);
            }
        } else if (value instanceof Map<?, ?> map) {
            assertThat(map).as(path).isNotEmpty();
        } else if (value instanceof FreeForm free) {
            assertThat(free.isEmpty()).as(path).isFalse();
        } else if (value instanceof String text) {
            assertThat(text).as(path).isNotEmpty();
        } else if (value instanceof Record && !(value instanceof Comparable<?>)) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                assertNothingIsLeftOut(
                        path + "." + component.getName(),
                        component.getAccessor().invoke(value));
            }
        } else {
            assertThat(value)
                    .as(path)
                    .isInstanceOfAny(Quantity.class, Enum.class, Number.class, Boolean.class, Instant.class);
        }
    }
}
