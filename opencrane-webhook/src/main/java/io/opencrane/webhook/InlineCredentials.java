package io.opencrane.webhook;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what looks like a credential in a JSON object that should hold none. Pure. */
final class InlineCredentials {
    private static final String REFERENCE = "kubeconfigSecretRef";

    /** Field names that announce one; a reference is not one of them. */
    private static final Pattern NAME = Pattern.compile(
            "kube-?_?config|token|password|passwd|secret|credential|(private|client|api|access)[-_]?key|certificate|^(string)?data$",
            Pattern.CASE_INSENSITIVE);

    /**
     * PEM, plain and in base64, a kubeconfig's fields, a JWT, an authorization header, a URL's password, and what is assigned to a telling
     * name. A JWT's header has an end, so that many beginnings of one do not take the square of their number.
     */
    private static final Pattern TEXT = Pattern.compile(
            "-----BEGIN|LS0tLS1CRUdJTi|(client-key|client-certificate|certificate-authority)(-data)?[\"']?\\s*:"
                    + "|kind[\"']?\\s*:\\s*[\"']?Config\\b"
                    + "|\\beyJ[A-Za-z0-9_-]{8,1000}\\.[A-Za-z0-9_-]{8}|bearer\\s+\\S{8}|authorization[\"']?\\s*[:=]\\s*\\S"
                    + "|://[^/\\s:@]*:[^/\\s@]+@"
                    + "|(password|passwd|token|secret|api-?key)[\"']?\\s*[:=]\\s*\\S",
            Pattern.CASE_INSENSITIVE);

    /** Long enough for a credential. */
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{20,}+");

    private InlineCredentials() {}

    /** Whether there is one anywhere. A reference that is a text holds something else than a reference. */
    static boolean in(Map<String, Object> answer) {
        return answer.entrySet().stream().anyMatch(field -> {
            boolean reference = field.getKey().equals(REFERENCE);
            return reference && field.getValue() instanceof String
                    || !reference && NAME.matcher(field.getKey()).find()
                    || inValue(field.getValue());
        });
    }

    private static boolean inValue(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .anyMatch(field ->
                            NAME.matcher(String.valueOf(field.getKey())).find() || inValue(field.getValue()));
        }
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(InlineCredentials::inValue);
        }
        return value instanceof String text && inText(text);
    }

    /** What is wrapped in base64 is looked at too, as often as it was wrapped. */
    private static boolean inText(String text) {
        return TEXT.matcher(text).find()
                || BASE64.matcher(text)
                        .results()
                        .map(MatchResult::group)
                        .anyMatch(run -> inText(new String(decoded(run), StandardCharsets.ISO_8859_1)));
    }

    /** A single character left over at the end is no whole byte. */
    private static byte[] decoded(String run) {
        String whole = run.length() % 4 == 1 ? run.substring(0, run.length() - 1) : run;
        return Base64.getDecoder().decode(whole.replace('-', '+').replace('_', '/'));
    }
}
