package io.opencrane.core.settings;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads variables one by one and gathers every problem, so that a host mends its environment once. */
final class SettingsReader {
    private final Map<Variable, String> texts;
    private final List<Problem> problems = new ArrayList<>();

    SettingsReader(Map<Variable, String> texts) {
        this.texts = new EnumMap<>(Variable.class);
        texts.forEach((variable, text) -> {
            if (!text.isBlank()) {
                this.texts.put(variable, text.strip());
            }
        });
    }

    boolean has(Variable variable) {
        return texts.containsKey(variable);
    }

    /** The variable's value, the fallback if it is not set, and the fallback too if it is refused: the problem is kept. */
    <T> T read(Variable variable, T fallback, Function<String, T> form) {
        T value = readOptional(variable, form);
        return value == null ? fallback : value;
    }

    <T> @Nullable T readOptional(Variable variable, Function<String, T> form) {
        String text = texts.get(variable);
        if (text == null) {
            return null;
        }
        try {
            return form.apply(text);
        } catch (Forms.Refused refused) {
            problems.add(refused.at(variable));
            return null;
        }
    }

    /** As {@link #read}, and a problem if the variable is not set. The empty text stands in until {@link #finish} refuses. */
    String require(Variable variable, String why, Function<String, String> form) {
        if (!has(variable)) {
            problem(variable, Problem.Code.REQUIRED, why);
        }
        return read(variable, "", form);
    }

    void problem(Variable variable, Problem.Code code, String sentence) {
        problems.add(new Problem(variable.name(), code, sentence));
    }

    void unknown(List<String> names) {
        for (String name : names) {
            problems.add(new Problem(
                    name,
                    Problem.Code.UNKNOWN,
                    "There is no such setting; did you mean " + Variable.closestTo(name) + "?"));
        }
    }

    /** Refuses if there was any problem. */
    void finish() {
        if (!problems.isEmpty()) {
            List<Problem> sorted = new ArrayList<>(problems);
            Collections.sort(sorted, Comparator.comparing(Problem::path));
            throw new ValidationException("settings", sorted);
        }
    }
}
