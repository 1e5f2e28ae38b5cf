package io.opencrane.litellm;

import io.opencrane.api.resource.SecretText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How LiteLLM names a key without showing it: the lower-case hex SHA-256 of the raw key (litellm.md §1). */
final class KeyHash {
    private KeyHash() {}

    static String of(SecretText key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(key.reveal().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
