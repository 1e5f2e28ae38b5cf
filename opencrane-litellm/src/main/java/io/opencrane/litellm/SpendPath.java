package io.opencrane.litellm;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The path of a gateway that tells spend elsewhere than LiteLLM does.
 *
 * @param template with {@code {team}}, {@code {namespace}} and {@code {tenant}} for what they name
 */
record SpendPath(String template) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Map<String, String> METADATA =
            Map.of("namespace", "opencrane_namespace", "tenant", "opencrane_tenant");

    static SpendPath of(String template) {
        Set<String> names = PLACEHOLDER
                .matcher(template)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        if (!names.contains("team") && !names.contains("tenant")) {
            throw refused("must hold {team} or {tenant}");
        }
        names.forEach(name -> {
            if (!name.equals("team") && !METADATA.containsKey(name)) {
                throw refused("knows {team}, {namespace} and {tenant}, not {" + name + "}");
            }
        });
        String filled = PLACEHOLDER.matcher(template).replaceAll("x");
        if (!filled.startsWith("/") || !isUrlPath(filled)) {
            throw refused("must start with a slash and be a path of a URL, with a query if need be");
        }
        return new SpendPath(template);
    }

    /** The path of one team. */
    String of(TeamState team, String subject) {
        Matcher placeholders = PLACEHOLDER.matcher(template);
        return placeholders.replaceAll(
                found -> Matcher.quoteReplacement(escaped(value(found.group(1), team, subject))));
    }

    private static String value(String placeholder, TeamState team, String subject) {
        String column = METADATA.get(placeholder);
        String value = column == null ? team.teamId() : team.metadata().get(column);
        if (value == null || value.isEmpty() || value.equals(".") || value.equals("..")) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR,
                    subject,
                    "The team does not say what to fill {" + placeholder + "} of the spend path with.");
        }
        return value;
    }

    private static String escaped(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static boolean isUrlPath(String path) {
        try {
            return URI.create("http://host" + path).getRawFragment() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static IllegalArgumentException refused(String rule) {
        return new IllegalArgumentException("A spend path " + rule + ".");
    }
}
