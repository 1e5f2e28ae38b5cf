package io.opencrane.litellm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.ErrorCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads LiteLLM's open-ended rows: only named columns, absent and null alike, numbers without rounding. */
final class Json {
    private static final int MOST_ZEROS = 30;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(100).build());
    }

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(ObjectNode body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            // Not as the cause: its message may quote the body.
            throw new IllegalStateException("A JSON tree can always be written.");
        }
    }

    /** A body that is not JSON becomes a missing node. The parser's complaint is dropped: it quotes the body. */
    static JsonNode parse(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    static @Nullable String text(JsonNode row, String column) {
        JsonNode value = row.path(column);
        return value.isTextual() ? value.textValue() : null;
    }

    static @Nullable BigDecimal decimal(JsonNode row, String column) {
        JsonNode value = row.path(column);
        return value.isNumber() ? plain(value.decimalValue()) : null;
    }

    /** 1.7E+2 is the same money as 170, but nobody wants to read it. What would have more digits than any money stays as it is. */
    private static BigDecimal plain(BigDecimal money) {
        return money.scale() < 0 && money.scale() > -MOST_ZEROS ? money.setScale(0) : money;
    }

    static boolean isTrue(JsonNode row, String column) {
        return row.path(column).asBoolean(false);
    }

    /** Prisma writes an offset, Python sometimes none; LiteLLM means UTC then. */
    static @Nullable Instant instant(JsonNode row, String column, String subject) {
        JsonNode value = row.path(column);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        try {
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    value.asText(), OffsetDateTime::from, LocalDateTime::from);
            return time instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : Instant.from(time);
        } catch (DateTimeException e) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM's " + column + " is not a time that can be read.");
        }
    }

    /** The text members of the row's metadata; LiteLLM and others keep members of other kinds there. */
    static Map<String, String> metadata(JsonNode row) {
        Map<String, String> texts = new LinkedHashMap<>();
        row.path("metadata").properties().forEach(member -> {
            if (member.getValue().isTextual()) {
                texts.put(member.getKey(), member.getValue().textValue());
            }
        });
        return texts;
    }

    /** The row's metadata with some more; LiteLLM replaces it as a whole, and not all of it is ours, nor is all of it text. */
    static ObjectNode mergedMetadata(JsonNode row, Map<String, String> more) {
        ObjectNode merged = row.path("metadata") instanceof ObjectNode kept ? kept.deepCopy() : object();
        return merged.setAll(objectOf(more));
    }

    static ObjectNode objectOf(Map<String, String> texts) {
        ObjectNode object = object();
        texts.forEach(object::put);
        return object;
    }
}
