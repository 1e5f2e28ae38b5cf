package io.opencrane.k8s.apply;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which fields an apply conflict is about; the server says so only in its message. */
final class ConflictText {
    /** As in: {@code conflict with "kubectl" using apps/v1: .spec.replicas}, one or a dashed list of fields. */
    private static final Pattern FIELD = Pattern.compile("(?:: |- )(\\.[A-Za-z][^\\s)]*)");

    private ConflictText() {}

    static boolean isOnlyAbout(String field, @Nullable String message) {
        if (message == null) {
            return false;
        }
        Matcher matcher = FIELD.matcher(message);
        boolean found = false;
        while (matcher.find()) {
            if (!matcher.group(1).equals(field)) {
                return false;
            }
            found = true;
        }
        return found;
    }
}
