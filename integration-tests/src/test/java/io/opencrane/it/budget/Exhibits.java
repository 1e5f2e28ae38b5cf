package io.opencrane.it.budget;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What a run showed, one file a place, for {@link SecrecyTest} to search. Not thread-safe. */
final class Exhibits {
    /** Where a run shows things. The logs are written by the log backends. */
    enum Place {
        EXCEPTIONS,
        TO_STRING,
        JSON,
        CLUSTER,
        ROWS
    }

    private final ObjectMapper mapper = new ObjectMapper()
            .findAndRegisterModules()
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS); // a result of a reconcile is no record
    private final Path directory;
    private final Set<String> seen = new LinkedHashSet<>();

    Exhibits(Path directory) {
        this.directory = directory;
    }

    /** Text that was shown before is not kept again. */
    void show(Place place, String what, String text) {
        if (seen.add(place + text)) {
            append(place.name(), what + ": " + text + "\n");
        }
    }

    void showResult(String what, Object result) {
        show(Place.TO_STRING, what, String.valueOf(result));
        show(Place.JSON, what, json(result instanceof Optional<?> maybe ? maybe.orElse(null) : result));
    }

    /** Message, stack trace, causes and what was suppressed. */
    void showFailure(String what, Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        show(Place.EXCEPTIONS, what, failure.getMessage() + "\n" + trace);
    }

    String json(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    void secret(String kind, String value) {
        if (seen.add(kind + value)) {
            append(SecrecyTest.SECRETS, kind + " " + value + "\n");
        }
    }

    private void append(String file, String text) {
        try {
            Files.writeString(
                    directory.resolve(file),
                    text,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
