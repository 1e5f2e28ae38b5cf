package io.opencrane.core.tenant;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
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

    private static final Pattern ITEM =
            Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][-_.A-Za-z0-9]*(/[A-Za-z0-9][-_.A-Za-z0-9]*)*");

    /** The most that a list of names, or of things that are named, may hold. */
    static final int MAX_ITEMS = 1_000;

    private final List<Problem> problems = new ArrayList<>();

    /**
     * Refuses an input in which something was found.
     *
     * @param subject what is refused
     * @param problems what was found; nothing happens if it is empty
     * @throws ValidationException listing all of it
     */
    public static void refuse(String subject, List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new ValidationException(subject, problems);
        }
    }

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
        return text(path, value, most, Texts.isDirty(value));
    }

    /**
     * Looks at a text of several lines, if there is one.
     *
     * @param path where
     * @param value the text, or null
     * @param most its longest length in characters
     */
    public void prose(String path, @Nullable String value, int most) {
        if (value != null) {
            text(path, value, most, Texts.isDirtyProse(value));
        }
    }

    private boolean text(String path, String value, int most, boolean isDirty) {
        int before = problems.size();
        if (value.isBlank()) {
            add(path, Problem.Code.REQUIRED, "Write at least one visible character.");
        }
        if (value.codePointCount(0, value.length()) > most) {
            add(path, Problem.Code.TOO_LONG, "Write at most " + most + " characters.");
        }
        if (isDirty) {
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
     * Looks at the key of a label: a name, or a DNS name, a slash and a name.
     *
     * @param path where
     * @param key the key
     * @return whether nothing is wrong with it
     */
    public boolean labelKey(String path, String key) {
        int slash = key.indexOf('/');
        boolean isKey = LABEL_VALUE.matcher(key.substring(slash + 1)).matches()
                && (slash < 0
                        || slash <= 253
                                && DNS_NAME.matcher(key.substring(0, slash)).matches());
        if (!isKey) {
            add(
                    path,
                    Problem.Code.MALFORMED,
                    "Write a label key: at most 63 letters, digits, dashes, dots and underscores, with a DNS name and"
                            + " a slash before them or none.");
        }
        return isKey;
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

    /**
     * Looks at a list of names of skills or MCP servers, which end up in a comma-separated variable or in paths of their registries.
     *
     * @param path where
     * @param names the names
     */
    public void names(String path, List<String> names) {
        if (names.size() > MAX_ITEMS) {
            add(path, Problem.Code.TOO_LONG, "Write at most " + MAX_ITEMS + " names.");
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            form(
                    path + "[" + i + "]",
                    names.get(i),
                    253,
                    ITEM,
                    "Write a name of letters, digits, dashes, underscores, single dots and slashes.");
        }
    }
}
