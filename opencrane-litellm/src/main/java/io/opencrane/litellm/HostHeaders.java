package io.opencrane.litellm;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Headers that the host wants on every request, as for a proxy with an authentication of its own. Values never show. Thread-safe. */
final class HostHeaders {
    /** Ours, and the one that LiteLLM prefers to ours. */
    private static final Set<String> TAKEN =
            Set.of("authorization", "x-litellm-api-key", "accept", "content-type", "content-length");

    private static final int MOST_REMEMBERED = 64;

    private final Map<String, Supplier<SecretText>> values;
    private final Deque<SecretText> sent = new ArrayDeque<>();

    HostHeaders(Map<String, Supplier<SecretText>> values) {
        this.values = new TreeMap<>(values);
    }

    /** Refuses what could not be sent, or would be sent instead of our own. */
    static String requireName(String name) {
        if (TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("The header " + name + " is set by the LiteLLM client itself.");
        }
        try {
            HttpRequest.newBuilder(URI.create("http://localhost")).header(name, "value");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The header " + name + " cannot be set on requests of the JDK's HTTP client.");
        }
        return name;
    }

    /** Printable, with spaces between words only: the HTTP client would refuse any other with the value in its message. */
    static boolean isValue(SecretText value) {
        String text = value.reveal();
        return text.chars().allMatch(c -> c >= ' ' && c < 127) && text.equals(text.strip());
    }

    /** What a bearer token must be: printable, without spaces. */
    static boolean isWord(SecretText value) {
        return isValue(value) && value.reveal().indexOf(' ') < 0;
    }

    void addTo(HttpRequest.Builder request, String subject) {
        values.forEach((name, value) -> request.setHeader(name, valueOf(name, value, subject)));
    }

    private String valueOf(String name, Supplier<SecretText> source, String subject) {
        SecretText value;
        try {
            value = source.get();
        } catch (RuntimeException e) {
            // Neither as the cause nor by its message, which may hold the value.
            throw failure(
                    subject,
                    "The host's header " + name + " could not be had: "
                            + e.getClass().getName() + ".");
        }
        if (!isValue(value)) {
            throw failure(subject, "The host's header " + name + " must be printable ASCII on one line.");
        }
        remember(value);
        return value.reveal();
    }

    private void remember(SecretText value) {
        synchronized (sent) {
            if (!sent.contains(value)) {
                if (sent.size() == MOST_REMEMBERED) {
                    sent.removeFirst();
                }
                sent.addLast(value);
            }
        }
    }

    /** What was sent of late, for the scrubber: a proxy may quote it. */
    List<SecretText> sent() {
        synchronized (sent) {
            return List.copyOf(sent);
        }
    }

    private static OpenCraneException failure(String subject, String sentence) {
        return new OpenCraneException(
                ErrorCode.UPSTREAM_ERROR, subject, sentence, OpenCraneException.Retry.MAY_HELP, null);
    }
}
