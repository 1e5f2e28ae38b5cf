package io.opencrane.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opencrane.api.resource.FreeForm;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Free-form objects and models as jsonb columns keep them. */
final class Json {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /**
     * What was screened before it was written must be readable: PostgreSQL writes out 1E+300, and a text may be as long as a custom
     * resource.
     */
    private static final StreamReadConstraints AS_WRITTEN = StreamReadConstraints.builder()
            .maxNumberLength(5_000)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .build();

    private static final ObjectMapper MAPPER = new ObjectMapper(
                    JsonFactory.builder().streamReadConstraints(AS_WRITTEN).build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    static String write(FreeForm value) {
        try {
            return MAPPER.writeValueAsString(value.asMap());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A free-form object is JSON by construction.", e);
        }
    }

    /** A model as on the wire. */
    static String writeModel(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A model is JSON by construction.", e);
        }
    }

    static <T> T readModel(String json, Class<T> type) {
        @Nullable T model;
        try {
            model = MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            // Its message would repeat the text.
            model = null;
        }
        if (model == null) {
            throw new IllegalStateException(
                    "A jsonb column does not hold a " + type.getSimpleName() + "; was it edited by hand?");
        }
        return model;
    }

    static FreeForm read(String json) {
        if (json.equals("{}")) {
            return FreeForm.empty();
        }
        @Nullable Map<String, Object> object;
        try {
            object = MAPPER.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            // Its message would repeat the text.
            object = null;
        }
        if (object == null) {
            throw new IllegalStateException("A jsonb column does not hold an object; was it edited by hand?");
        }
        return FreeForm.of(object);
    }
}
