package io.opencrane.core.policy;

/**
 * A domain name, or the names that a pattern stands for, as Cilium reads them: {@code *} stands for any characters within one label, none
 * included, never for a dot; and alone for every name. So {@code *.github.com} stands for {@code api.github.com} and neither for
 * {@code github.com} nor for {@code a.b.github.com}.
 *
 * <p>Every question takes time in proportion to the product of the lengths at worst, whatever the pattern.
 *
 * @param text in lower case, without a trailing dot
 * @see <a href="https://docs.cilium.io/en/stable/security/policy/language/#dns-based">Cilium, DNS based policies</a>
 */
public record NamePattern(String text) {
    /** The pattern that stands for every name. */
    public static final NamePattern EVERY_NAME = new NamePattern("*");

    /**
     * Whether it stands for more than one name.
     *
     * @return true if it has a {@code *}
     */
    public boolean isWildcard() {
        return text.contains("*");
    }

    /**
     * Whether it stands for a name.
     *
     * @param name a domain name in lower case, without a trailing dot
     * @return true if it does; false for what is no domain name
     */
    public boolean matches(String name) {
        return covers(new NamePattern(name)) && NameText.isName(name);
    }

    /**
     * Whether it stands for every name that another pattern stands for.
     *
     * @param other the other
     * @return true if it surely does, or both are the same; false may be wrong only where it does because names are no longer than 253
     *     characters, or because each of the characters that names are made of stands in it
     */
    public boolean covers(NamePattern other) {
        if (equals(EVERY_NAME) || other.equals(EVERY_NAME)) {
            return equals(EVERY_NAME);
        }
        return Labels.all(text, other.text, Labels::covers);
    }

    /**
     * Whether there is a name that both stand for. The longest that a name may be is not regarded.
     *
     * @param other the other
     * @return true if there is
     */
    public boolean intersects(NamePattern other) {
        return equals(EVERY_NAME) || other.equals(EVERY_NAME) || Labels.all(text, other.text, Labels::intersect);
    }
}
