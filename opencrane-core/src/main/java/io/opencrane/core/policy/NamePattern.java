package io.opencrane.core.policy;

/**
 * A domain name, or the names that a pattern stands for, as Cilium reads them: {@code *} stands for any characters within one label, and
 * alone for every name.
 *
 * @param text in lower case, without a trailing dot
 * @see <a href="https://docs.cilium.io/en/stable/security/policy/language/#dns-based">Cilium, DNS based policies</a>
 */
public record NamePattern(String text) {
    /**
     * Whether it stands for more than one name.
     *
     * @return true if it has a {@code *}
     */
    public boolean isWildcard() {
        return text.contains("*");
    }
}
