package io.opencrane.k8s.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                      | {}                     | {}",
                "{\"a\":1}               | {\"a\":1.0}            | {}",
                "{\"a\":1}               | {}                     | {\"a\":null}",
                "{}                      | {\"a\":1}              | {\"a\":1}",
                "{\"a\":{\"b\":1,\"c\":2}}| {\"a\":{\"b\":1}}      | {\"a\":{\"c\":null}}",
                "{\"a\":{\"b\":1}}       | {\"a\":{\"b\":2,\"c\":3}}| {\"a\":{\"b\":2,\"c\":3}}",
                "{\"a\":[1,2]}           | {\"a\":[1.0,2]}        | {}",
                "{\"a\":[1,2]}           | {\"a\":[2,1]}          | {\"a\":[2,1]}",
                "{\"a\":[{\"b\":1}]}     | {\"a\":[{\"b\":1.00}]} | {}",
                "{\"a\":[{\"b\":1}]}     | {\"a\":[{}]}           | {\"a\":[{}]}",
                "{\"a\":{\"b\":1}}       | {\"a\":\"text\"}       | {\"a\":\"text\"}",
                "{\"a\":\"text\"}        | {\"a\":{\"b\":1}}      | {\"a\":{\"b\":1}}",
                "{\"a\":{\"b\":1}}       | {\"a\":{}}             | {\"a\":{\"b\":null}}",
                "{\"a\":\"1\"}           | {\"a\":1}              | {\"a\":1}",
            })
    void onlyWhatDiffersIsInThePatch(String current, String desired, String patch) throws JsonProcessingException {
        assertThat(MergePatch.between(MAPPER.readTree(current), MAPPER.readTree(desired)))
                .isEqualTo(MAPPER.readTree(patch));
    }

    @Test
    void nothingIsAnEmptyObject() {
        ObjectNode some = JsonNodeFactory.instance.objectNode().put("a", 1);
        assertThat(MergePatch.between(null, null).isEmpty()).isTrue();
        assertThat(MergePatch.between(null, some)).isEqualTo(some);
        assertThat(MergePatch.between(some, null).toString()).isEqualTo("{\"a\":null}");
    }

    @Test
    void aPatchTurnsAnyObjectIntoAnyOther() {
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            ObjectNode current = object(random, 3);
            ObjectNode desired = object(random, 3);
            ObjectNode patched = applied(current, MergePatch.between(current, desired));
            assertThat(patched).as("%s to %s", current, desired).isEqualTo(desired);
            assertThat(MergePatch.between(patched, desired).isEmpty()).isTrue();
        }
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set(String.valueOf((char) ('a' + random.nextInt(4))), value(random, depth));
        }
        return object;
    }

    private static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 5 : 3)) {
            case 0 -> JsonNodeFactory.instance.numberNode(random.nextInt(3));
            case 1 -> JsonNodeFactory.instance.textNode("t" + random.nextInt(3));
            case 2 -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
            case 3 -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array;
            }
            default -> object(random, depth - 1);
        };
    }

    /** RFC 7396, section 2, word for word. */
    private static ObjectNode applied(JsonNode target, ObjectNode patch) {
        ObjectNode result = target.isObject() ? target.deepCopy() : JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            if (member.getValue().isNull()) {
                result.remove(member.getKey());
            } else if (member.getValue() instanceof ObjectNode inner) {
                result.set(member.getKey(), applied(result.path(member.getKey()), inner));
            } else {
                result.set(member.getKey(), member.getValue());
            }
        }
        return result;
    }
}
