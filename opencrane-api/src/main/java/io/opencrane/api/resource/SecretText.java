package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonIgnoreType;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A credential. It never shows in {@code toString}, in a log or in an exception, nor in JSON of a mapper that heeds Jackson's annotations:
 * such a mapper leaves out a property of this type, and writes the mask where it stands alone, in a list or map, or behind another type.
 * Whoever needs it says so with {@link #reveal()}.
 */
@JsonIgnoreType
public final class SecretText {
    private final String value;

    private SecretText(String value) {
        this.value = value;
    }

    /**
     * Wraps a credential.
     *
     * @param value the credential, not empty
     * @return the wrapped credential
     */
    public static SecretText of(String value) {
        if (Objects.requireNonNull(value, "value").isEmpty()) {
            throw new IllegalArgumentException("A credential cannot be empty.");
        }
        return new SecretText(value);
    }

    /**
     * The credential itself, for the one place that sends or stores it.
     *
     * @return the raw text
     */
    public String reveal() {
        return value;
    }

    /** Constant-time in the length of the shorter text. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretText that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /**
     * A fixed mask, in JSON too.
     *
     * @return {@code ***}
     */
    @JsonValue
    @Override
    public String toString() {
        return "***";
    }
}
