package io.opencrane.litellm;

import io.opencrane.api.resource.SecretText;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Makes a text of LiteLLM's fit to be repeated: LiteLLM quotes keys and their hashes in its errors. */
final class Scrubber {
    private static final int LONGEST = 300;
    private static final Pattern KEYS = Pattern.compile("sk-[A-Za-z0-9_.*-]+");
    private static final Pattern HASHES = Pattern.compile("[0-9A-Fa-f]{32,}");
    private static final Pattern BEARERS = Pattern.compile("(?i)bearer\\s+\\S+");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");

    private final SecretText masterKey;
    private final Supplier<List<SecretText>> others;

    /** @param others more that must not show, asked for each time */
    Scrubber(SecretText masterKey, Supplier<List<SecretText>> others) {
        this.masterKey = masterKey;
        this.others = others;
    }

    String scrub(String text) {
        String clean = text.replace(masterKey.reveal(), "***");
        for (SecretText other : others.get()) {
            clean = clean.replace(other.reveal(), "***");
            // A scheme goes before a space, and the credential may be quoted without it.
            clean = clean.replace(other.reveal().substring(other.reveal().lastIndexOf(' ') + 1), "***");
        }
        clean = KEYS.matcher(clean).replaceAll("***");
        clean = HASHES.matcher(clean).replaceAll("***");
        clean = BEARERS.matcher(clean).replaceAll("***");
        clean = UNPRINTABLE.matcher(clean).replaceAll(" ").strip();
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "…";
    }

    /** What happened, and what LiteLLM says about it, as one sentence. */
    String said(String what, int status, String text) {
        String clean = scrub(text);
        return what + " (HTTP " + status + ")" + (clean.isEmpty() ? "." : ": " + clean);
    }
}
