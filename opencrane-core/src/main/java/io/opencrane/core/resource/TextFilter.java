package io.opencrane.core.resource;

import java.util.Locale;

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
        return whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
