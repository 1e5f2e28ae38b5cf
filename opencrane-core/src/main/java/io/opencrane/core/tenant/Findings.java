package io.opencrane.core.tenant;

import io.opencrane.api.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gathers problems field by field. A message says what to do and never repeats the value. */
final class Findings {
    private final List<Problem> problems = new ArrayList<>();

    List<Problem> all() {
        return List.copyOf(problems);
    }

    void add(String path, Problem.Code code, String message) {
        problems.add(new Problem(path, code, message));
    }

    /** A text of any form. */
    boolean text(String path, String value, int most) {
        int before = problems.size();
        if (value.isBlank()) {
            add(path, Problem.Code.REQUIRED, "Write at least one visible character.");
        }
        if (value.codePointCount(0, value.length()) > most) {
            add(path, Problem.Code.TOO_LONG, "Write at most " + most + " characters.");
        }
        if (Texts.isDirty(value)) {
            add(path, Problem.Code.MALFORMED, "Remove the control characters.");
        }
        return problems.size() == before;
    }

    /** A text of one form, if there is one. */
    void form(String path, @Nullable String value, int most, Pattern form, String sentence) {
        if (value != null && text(path, value, most) && !form.matcher(value).matches()) {
            add(path, Problem.Code.MALFORMED, sentence);
        }
    }
}
