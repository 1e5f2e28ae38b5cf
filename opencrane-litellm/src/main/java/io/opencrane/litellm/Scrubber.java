package io.opencrane.litellm;

import io.opencrane.api.resource.SecretText;
import java.util.regex.Pattern;

/** Makes a text of LiteLLM's fit to be repeated: LiteLLM quotes keys and their hashes in its errors. */
final class Scrubber {
    private static final int LONGEST = 300;
    private static final Pattern KEYS = Pattern.compile("sk-[A-Za-z0-9_.*-]+");
    private static final Pattern HASHES = Pattern.compile("[0-9A-Fa-f]{32,}");
    private static final Pattern BEARERS = Pattern.compile("(?i)bearer\\s+\\S+");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");

    private final SecretText masterKey;

    Scrubber(SecretText masterKey) {
        this.masterKey = masterKey;
    }

    String scrub(String text) {
        String clean = text.replace(masterKey.reveal(), "***");
        clean = KEYS.matcher(clean).replaceAll("***");
        clean = HASHES.matcher(clean).replaceAll("***");
        clean = BEARERS.matcher(clean).replaceAll("***");
        clean = UNPRINTABLE.matcher(clean).replaceAll(" ").strip();
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "…";
    }
}
