package io.opencrane.core.tenant;

import io.opencrane.api.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gathers problems field by field. A message says what to do and never repeats the value. Not thread-safe. */
public final class Findings {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
    private static final Pattern DNS_NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern LABEL_VALUE = Pattern.compile("[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?");

    private final List<Problem> problems = new ArrayList<>();

    /**
     * What was found.
     *
     * @return the problems in the order in which they were found; empty if there is none
     */
    public List<Problem> all() {
        return List.copyOf(problems);
    }

    /**
     * Adds a problem.
     *
     * @param path where
     * @param code what kind
     * @param message one sentence that says what to do
     */
    public void add(String path, Problem.Code code, String message) {
        problems.add(new Problem(path, code, message));
    }

    /**
     * Looks at a text of any form.
     *
     * @param path where
     * @param value the text
     * @param most its longest length in characters
     * @return whether nothing is wrong with it
     */
    public boolean text(String path, String value, int most) {
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

    /**
     * Looks at a text of one form, if there is one.
     *
     * @param path where
     * @param value the text, or null
     * @param most its longest length in characters
     * @param form what it has to match
     * @param sentence says what to write
     */
    public void form(String path, @Nullable String value, int most, Pattern form, String sentence) {
        if (value != null && text(path, value, most) && !form.matcher(value).matches()) {
            add(path, Problem.Code.MALFORMED, sentence);
        }
    }

    /**
     * Looks at a name that becomes part of others.
     *
     * @param path where
     * @param value the name, or null
     * @param most its longest length in characters
     */
    public void dnsLabel(String path, @Nullable String value, int most) {
        form(
                path,
                value,
                most,
                DNS_LABEL,
                "Write lower-case letters, digits and dashes, with a letter or digit at both ends.");
    }

    /**
     * Looks at the value of a label.
     *
     * @param path where
     * @param value the value, or null
     * @param sentence says what to write
     */
    public void labelValue(String path, @Nullable String value, String sentence) {
        form(path, value, 63, LABEL_VALUE, sentence);
    }

    /**
     * Looks at a lower-case DNS name.
     *
     * @param path where
     * @param value the name, or null
     * @param most its longest length in characters
     * @param sentence says what to write
     */
    public void dnsName(String path, @Nullable String value, int most, String sentence) {
        form(path, value, most, DNS_NAME, sentence);
    }
}
