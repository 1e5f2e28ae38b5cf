package io.opencrane.it.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code kubectl get} shows: asked of the server as kubectl asks, by discovery and as a table. */
@ControlPlaneTest
@TestInstance(Lifecycle.PER_CLASS)
class CrdTableTest {
    private static final String NAME = "crd-table-test";

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
    @CsvSource({
        "TENANT,tn",
        "CLUSTER_TENANT,ct",
        "ACCESS_POLICY,ap",
        "MCP_SERVER,mcp",
        "SCHEDULE,sch",
        "SKILL_REGISTRY,sr"
    })
    void aKindIsDiscoveredByItsNamesAndHasAStatusOfItsOwn(ResourceKind kind, String shortName) {
        var served = client.getApiResources(ResourceKind.API_VERSION).getResources();
        assertThat(served)
                .filteredOn(resource -> resource.getName().equals(kind.plural()))
                .singleElement()
                .satisfies(resource -> {
                    assertThat(resource.getKind()).isEqualTo(kind.kind());
                    assertThat(resource.getShortNames()).containsExactly(shortName);
                    assertThat(resource.getNamespaced()).isEqualTo(kind.isNamespaced());
                });
        assertThat(served).anyMatch(resource -> resource.getName().equals(kind.plural() + "/status"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TENANT | Display Name=ACME, Team=eng, Phase=Running, Host=acme.example.com",
                "CLUSTER_TENANT | Display Name=Big, Tier=dedicatedNodes, Phase=ready, Namespace=opencrane-big",
                "ACCESS_POLICY | Description=strict, Default Deny=false",
                "MCP_SERVER | Transport=streamable-http, Endpoint=https://tools.example.com, Phase=Ready",
                "SCHEDULE | Tenant=acme, Cron=0 9 * * 1, Enabled=false",
                "SKILL_REGISTRY | Backend=filesystem, Delivery URL=https://skills.example.com, Phase=Ready",
            })
    void aTableShowsTheColumnsOfTheContract(ResourceKind kind, String columns)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        var full = Samples.object(client, Samples.full(kind, NAME));
        Crds.resources(client, kind).resource(full).create();
        Crds.resources(client, kind)
                .withName(NAME)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        client.getKubernetesSerialization().asJson(Map.of("status", full.<Object>get("status"))));
        JsonNode table = table(kind);
        List<String> names = StreamSupport.stream(table.get("columnDefinitions").spliterator(), false)
                .map(column -> column.get("name").asText())
                .toList();
        List<String> cells = StreamSupport.stream(table.at("/rows/0/cells").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        List<String> wanted = List.of(columns.split(", "));
        assertThat(names).hasSize(wanted.size() + 2).startsWith("Name").endsWith("Age");
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(names.get(i + 1) + "=" + cells.get(i + 1)).isEqualTo(wanted.get(i));
        }
    }

    private JsonNode table(ResourceKind kind)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        String path = "apis/" + ResourceKind.API_VERSION + "/"
                + (kind.isNamespaced() ? "namespaces/" + Crds.NAMESPACE + "/" : "") + kind.plural() + "/" + NAME;
        HttpResponse<String> response = client.getHttpClient()
                .sendAsync(
                        client.getHttpClient()
                                .newHttpRequestBuilder()
                                .uri(URI.create(client.getMasterUrl() + path).toString())
                                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                                .build(),
                        String.class)
                .get(30, TimeUnit.SECONDS);
        assertThat(response.code()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }
}
