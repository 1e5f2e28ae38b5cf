package io.opencrane.core.policy;

import io.opencrane.core.network.Cidr;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads domain names and patterns as people write them into a policy. */
final class NameText {
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_PATTERN = 255;

    private NameText() {}

    /** In lower case, without the dot of the root. Only for what has no refusal: lower-casing turns some other characters into ASCII. */
    static NamePattern pattern(String text) {
        return new NamePattern(withoutRoot(text).toLowerCase(Locale.ROOT));
    }

    /** Whether a text in lower case, without the dot of the root, is a domain name. */
    static boolean isName(String text) {
        return text.length() <= LONGEST_NAME
                && text.chars().allMatch(c -> isPart(c) && c != '*' && !isUpper(c))
                && hasNoEmptyLabel(text);
    }

    /** Why a text is no name and no pattern, as one sentence that says what to do; null if it is one. Does not repeat the text. */
    static @Nullable String refusal(String text) {
        if (text.chars().anyMatch(c -> c > 0x7f)) {
            return "Write a name with other than ASCII characters in its punycode form, xn--….";
        }
        String name = withoutRoot(text);
        if (Cidr.address(name).isPresent() || Cidr.parse(name).isPresent()) {
            return "Allow an address or a network under spec.egressRules; this list takes domain names.";
        }
        if (name.isEmpty() || !name.chars().allMatch(NameText::isPart)) {
            return "Write only a domain name, for example api.github.com or *.github.com, without scheme, port, path or space.";
        }
        if (!hasNoEmptyLabel(name)) {
            return "Write a domain name without an empty label.";
        }
        if (name.contains("**")) {
            return "Write one * at a time; what several stand for depends on the release of Cilium.";
        }
        int longest = name.contains("*") ? LONGEST_PATTERN : LONGEST_NAME;
        return name.length() > longest ? "Write at most " + longest + " characters." : null;
    }

    private static String withoutRoot(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static boolean isPart(int c) {
        return c >= 'a' && c <= 'z'
                || isUpper(c)
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_'
                || c == '.'
                || c == '*';
    }

    private static boolean isUpper(int c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean hasNoEmptyLabel(String name) {
        return !name.isEmpty() && !name.startsWith(".") && !name.endsWith(".") && !name.contains("..");
    }
}
