package io.opencrane.k8s.object;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where things are on an API server. */
final class Urls {
    private Urls() {}

    /** The discovery document of a group and version, which lists its types. */
    static String discovery(String apiVersion) {
        return (apiVersion.contains("/") ? "/apis/" : "/api/") + segments(apiVersion);
    }

    static String collection(ObjectType type, String namespace) {
        return discovery(type.apiVersion())
                + (namespace.isEmpty() ? "" : "/namespaces/" + segment("metadata.namespace", namespace))
                + "/"
                + encode(type.plural());
    }

    static String object(ObjectRef ref) {
        return collection(ref.type(), ref.namespace()) + "/" + segment("metadata.name", ref.name());
    }

    static String selector(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    static String parameter(String name, @Nullable Object value) {
        String text = value == null ? "" : value.toString();
        return text.isEmpty() ? "" : "&" + name + "=" + encode(text);
    }

    /** A name that would change the path must never reach the server: it would name another object. */
    private static String segment(String path, String name) {
        if (name.equals(".") || name.equals("..") || name.contains("/") || name.contains("%")) {
            throw new ValidationException(
                    name,
                    List.of(new Problem(path, Problem.Code.MALFORMED, "A name is not a path; leave out / and %.")));
        }
        return encode(name);
    }

    private static String segments(String apiVersion) {
        return List.of(apiVersion.split("/", -1)).stream().map(Urls::encode).collect(Collectors.joining("/"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
