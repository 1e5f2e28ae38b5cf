package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Lays an applied configuration over a live object: maps by key, keyed lists by item (the live order stays), all else as a whole. */
final class Merge {
    private Merge() {}

    static JsonNode merge(JsonNode live, JsonNode config, Shape shape) {
        if (shape.isLeaf(config) || shape.isLeaf(live) || live.getNodeType() != config.getNodeType()) {
            return config.deepCopy();
        }
        if (config.isObject()) {
            ObjectNode merged = live.deepCopy();
            config.properties().forEach(entry -> {
                Shape field = shape.field(entry.getKey());
                JsonNode there = live.get(entry.getKey());
                JsonNode wanted = entry.getValue();
                merged.set(
                        entry.getKey(),
                        there == null
                                ? wanted.deepCopy()
                                : merge(there, wanted, field == null ? Shape.FREE_FORM : field));
            });
            return merged;
        }
        Map<String, JsonNode> wanted = FieldSet.items(config, shape);
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        FieldSet.items(live, shape).forEach((element, item) -> {
            JsonNode over = wanted.remove(element);
            merged.add(over == null ? item : merge(item, over, shape.items()));
        });
        wanted.values().forEach(merged::add);
        return merged;
    }
}
