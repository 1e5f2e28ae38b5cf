package io.opencrane.webhook;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a webhook is, and the token it wants. https only, so that neither token nor answer can be read or changed on the way; plain http
 * is allowed to the machine itself. Immutable; the token shows nowhere.
 */
public final class WebhookEndpoint {
    private final URI url;
    private final @Nullable SecretText token;

    private WebhookEndpoint(URI url, @Nullable SecretText token) {
        this.url = url;
        this.token = token;
    }

    /**
     * An endpoint without a token.
     *
     * @param url scheme, host, and maybe a port and a path
     * @return the endpoint
     * @throws ValidationException if it is not https (http for loopback), or holds user info, a query or a
     *     fragment
     */
    public static WebhookEndpoint of(URI url) {
        return new WebhookEndpoint(checked(url), null);
    }

    /**
     * An endpoint that wants a bearer token.
     *
     * @param url scheme, host, and maybe a port and a path
     * @param token the bearer token
     * @return the endpoint
     * @throws ValidationException if the URL is refused as in {@link #of(URI)}, or the token cannot stand in a
     *     header
     */
    public static WebhookEndpoint of(URI url, SecretText token) {
        // The HTTP client would refuse such a header with the token in its message.
        if (!token.reveal().chars().allMatch(c -> c > ' ' && c < 127)) {
            throw refused(
                    "token",
                    Problem.Code.MALFORMED,
                    "The webhook token must be printable ASCII without spaces; is there a line break at its end?");
        }
        return new WebhookEndpoint(checked(url), token);
    }

    /**
     * The URL that sub-paths are appended to.
     *
     * @return without a slash at its end
     */
    public URI url() {
        return url;
    }

    /**
     * The token.
     *
     * @return empty if the endpoint wants none
     */
    public Optional<SecretText> token() {
        return Optional.ofNullable(token);
    }

    /** @param subPath segments of letters, digits, dots, dashes and underscores, or empty for the endpoint itself */
    URI resolve(String subPath) {
        if (subPath.isEmpty()) {
            return url;
        }
        if (!subPath.matches("/?[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")) {
            throw refused(
                    "subPath",
                    Problem.Code.MALFORMED,
                    "A webhook's sub-path is made of letters, digits, dots, dashes and underscores.");
        }
        return URI.create(url + (subPath.startsWith("/") ? "" : "/") + subPath);
    }

    private static URI checked(URI url) {
        String scheme = url.getScheme();
        String host = url.getHost();
        if (host == null
                || !"https".equalsIgnoreCase(scheme) && !("http".equalsIgnoreCase(scheme) && isLoopback(host))) {
            throw refused(
                    "url",
                    Problem.Code.MALFORMED,
                    "A webhook URL must be https with a host; plain http is for this machine only.");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw refused(
                    "url",
                    Problem.Code.MALFORMED,
                    "A webhook URL must not hold user info, a query or a fragment; give a secret as the token.");
        }
        String text = url.toString();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return URI.create(text);
    }

    /** By the text alone: a name that merely resolves to loopback now may lead elsewhere when it is called. */
    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.matches("127(\\.\\d{1,3}){3}")
                || host.equals("[::1]")
                || host.equals("[0:0:0:0:0:0:0:1]");
    }

    private static ValidationException refused(String path, Problem.Code code, String sentence) {
        return new ValidationException("webhook", List.of(new Problem(path, code, sentence)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WebhookEndpoint that && url.equals(that.url) && Objects.equals(token, that.token);
    }

    @Override
    public int hashCode() {
        return Objects.hash(url, token);
    }

    /**
     * The URL without the token.
     *
     * @return for example {@code https://provisioner.example.com/opencrane}
     */
    @Override
    public String toString() {
        return url.toString();
    }
}
