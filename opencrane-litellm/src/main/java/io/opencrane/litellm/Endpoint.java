package io.opencrane.litellm;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Where LiteLLM listens: scheme, host and an optional path prefix, as behind an ingress. Plain http is the in-cluster default. */
record Endpoint(URI base) {
    static Endpoint of(URI uri) {
        String scheme = uri.getScheme();
        if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme) || uri.getHost() == null) {
            throw new IllegalArgumentException("The LiteLLM endpoint must be an http or https URL with a host.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "The LiteLLM endpoint must not hold user info, a query or a fragment: only scheme, host, port and path.");
        }
        String text = uri.toString();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return new Endpoint(URI.create(text));
    }

    URI resolve(String path, Map<String, String> query) {
        String suffix = query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&", "?", ""));
        return URI.create(base + path + suffix);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
