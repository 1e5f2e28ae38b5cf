package io.opencrane.k8s.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.mcp.McpServer;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.schedule.Schedule;
import io.opencrane.api.skill.SkillRegistry;
import io.opencrane.api.tenant.Tenant;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The definitions declare exactly what the models read and write: a field that only one of them knows would be pruned or lost. */
class CrdSchemaTest {
    private final ObjectMapper mapper =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(ResourceKind.TENANT, Tenant.class),
                Arguments.of(ResourceKind.CLUSTER_TENANT, ClusterTenant.class),
                Arguments.of(ResourceKind.ACCESS_POLICY, AccessPolicy.class),
                Arguments.of(ResourceKind.MCP_SERVER, McpServer.class),
                Arguments.of(ResourceKind.SCHEDULE, Schedule.class),
                Arguments.of(ResourceKind.SKILL_REGISTRY, SkillRegistry.class));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theSchemaDeclaresWhatTheModelHoldsAndNothingElse(ResourceKind kind, Class<? extends Resource> model)
            throws ReflectiveOperationException {
        Map<String, Object> properties = child(schema(kind), "properties");
        for (String part : List.of("spec", "status")) {
            JavaType type = mapper.constructType(model.getMethod(part).getGenericReturnType());
            assertMatches(kind.kind() + "." + part, type, child(properties, part));
        }
    }

    private void assertMatches(String path, JavaType type, Map<String, Object> schema) {
        Class<?> raw = type.getRawClass();
        if (raw == Quantity.class) {
            assertThat(schema).as(path).containsEntry("x-kubernetes-int-or-string", true);
        } else if (raw == FreeForm.class) {
            assertThat(schema)
                    .as(path)
                    .containsEntry("type", "object")
                    .containsEntry("x-kubernetes-preserve-unknown-fields", true);
        } else if (raw.isRecord()) {
            assertObject(path, type, schema);
        } else if (raw.isEnum()) {
            assertThat(schema).as(path).containsEntry("type", "string");
            List<String> names = Arrays.stream(raw.getEnumConstants())
                    .map(constant -> mapper.convertValue(constant, String.class))
                    .toList();
            assertThat(PropertiesOf.list(schema, "enum")).as(path).containsExactlyInAnyOrderElementsOf(names);
        } else if (type.isCollectionLikeType()) {
            assertThat(schema).as(path).containsEntry("type", "array");
            assertMatches(path + "[]", type.getContentType(), child(schema, "items"));
        } else if (type.isMapLikeType()) {
            assertThat(schema).as(path).containsEntry("type", "object");
            assertMatches(path + "{}", type.getContentType(), child(schema, "additionalProperties"));
        } else {
            assertThat(schema).as(path).containsAllEntriesOf(leaf(path, raw));
        }
    }

    private void assertObject(String path, JavaType type, Map<String, Object> schema) {
        assertThat(schema).as(path).containsEntry("type", "object");
        Map<String, JavaType> held = new TreeMap<>();
        for (BeanPropertyDefinition property :
                mapper.getSerializationConfig().introspect(type).findProperties()) {
            held.put(property.getName(), property.getPrimaryType());
        }
        assertThat(held.keySet()).as(path).isEqualTo(readable(type));
        Map<String, Object> declared = child(schema, "properties");
        assertThat(declared.keySet()).as(path).containsExactlyInAnyOrderElementsOf(held.keySet());
        held.forEach((name, property) -> assertMatches(path + "." + name, property, child(declared, name)));
    }

    private Set<String> readable(JavaType type) {
        Set<String> names = new TreeSet<>();
        mapper.getDeserializationConfig().introspect(type).findProperties().forEach(property -> {
            if (property.couldDeserialize()) {
                names.add(property.getName());
            }
        });
        return names;
    }

    private static Map<String, Object> leaf(String path, Class<?> type) {
        if (type == String.class) {
            return Map.of("type", "string");
        } else if (type == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        } else if (type == boolean.class) {
            return Map.of("type", "boolean");
        } else if (type == BigDecimal.class) {
            return Map.of("type", "number");
        } else if (type == long.class || type == Long.class) {
            return Map.of("type", "integer", "format", "int64");
        } else if (type == int.class || type == Integer.class) {
            return Map.of("type", "integer", "format", "int32", "maximum", Integer.MAX_VALUE);
        }
        throw new AssertionError(path + " has a type that no schema is known for: " + type);
    }

    private static Map<String, Object> schema(ResourceKind kind) {
        List<Map<String, Object>> versions = CrdBundle.load().definition(kind).get("spec", "versions");
        return child(child(versions.get(0), "schema"), "openAPIV3Schema");
    }

    private static Map<String, Object> child(Map<String, Object> parent, String name) {
        return PropertiesOf.object(parent, name);
    }

    /** The one place that casts what YAML left untyped. */
    private static final class PropertiesOf {
        @SuppressWarnings("unchecked")
        static Map<String, Object> object(Map<String, Object> parent, String name) {
            assertThat(parent).containsKey(name);
            return (Map<String, Object>) parent.get(name);
        }

        @SuppressWarnings("unchecked")
        static List<String> list(Map<String, Object> parent, String name) {
            return (List<String>) parent.get(name);
        }
    }
}
