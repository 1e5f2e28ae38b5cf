package io.opencrane.core.resource;

/** The text filter of lists: upper and lower case alike, in the same way wherever a list is read from. Pure. */
public final class TextFilter {
    private TextFilter() {}

    /**
     * Whether a text contains another.
     *
     * @param whole a text
     * @param part what is searched for; an empty one is in every text
     * @return true if it does, in upper or lower case
     */
    public static boolean contains(String whole, String part) {
        return folded(whole).contains(folded(part));
    }

    /** Character by character: {@code String.toLowerCase} writes a sigma at the end of a word differently from one within it. */
    private static String folded(String text) {
        return text.codePoints()
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
