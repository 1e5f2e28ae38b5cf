package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What LiteLLM answered.
 *
 * @param status the HTTP status
 * @param json the body, or a missing node when it is not JSON
 * @param retryAfter how long it asked to be left alone, or null
 */
record Reply(int status, JsonNode json, @Nullable Duration retryAfter) {
    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The body is left out: the answer to {@code /key/generate} holds the raw key. */
    @Override
    public String toString() {
        return "Reply[status=" + status + "]";
    }
}
