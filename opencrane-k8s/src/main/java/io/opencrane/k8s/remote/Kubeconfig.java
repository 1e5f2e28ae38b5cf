package io.opencrane.k8s.remote;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kubeconfig that somebody else wrote, as a client's configuration. It is taken for hostile: nothing in it may run a command, read a file
 * of ours, or send what we know to its author. The configuration is put together from the few fields that were checked, and from nothing
 * of this process's surroundings. Pure; quotes nothing of what it reads, because any part may be the secret.
 */
final class Kubeconfig {
    static final int MAX_BYTES = 256 * 1024;

    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern PRIVATE_KEY = Pattern.compile("(?s).*-----BEGIN [A-Z ]*PRIVATE KEY-----.*");

    /** What a cluster may not have, and why. */
    private static final Map<String, String> OF_A_CLUSTER = ordered(
            "certificate-authority", "names a file; put the certificate in as certificate-authority-data",
            "insecure-skip-tls-verify", "would let anybody answer as that API server; give certificate-authority-data",
            "proxy-url", "would send requests through somebody else",
            "tls-server-name", "is not supported; the certificate must be for the server's own name");

    /** What a user may not have, and why. */
    private static final Map<String, String> OF_A_USER = ordered(
            "exec", "would run a command here; put a token in",
            "auth-provider", "would run a plugin here; put a token in",
            "tokenFile", "names a file; put the token in",
            "client-certificate", "names a file; put the certificate in as client-certificate-data",
            "client-key", "names a file; put the key in as client-key-data",
            "username", "is not supported; API servers take no passwords any more",
            "password", "is not supported; API servers take no passwords any more",
            "as", "is not supported; give the identity itself",
            "as-uid", "is not supported; give the identity itself",
            "as-groups", "is not supported; give the identity itself",
            "as-user-extra", "is not supported; give the identity itself");

    private Kubeconfig() {}

    /**
     * Reads one.
     *
     * @param content UTF-8 YAML or JSON
     * @param timeout how long a request may take
     * @return a configuration that depends on nothing else
     * @throws Unusable with a sentence that continues "The kubeconfig …" and quotes nothing
     */
    static Config read(byte[] content, Duration timeout) throws Unusable {
        if (content.length > MAX_BYTES) {
            throw new Unusable("has more than " + MAX_BYTES / 1024 + " KiB.");
        }
        Map<?, ?> root = parse(content);
        if (!"Config".equals(root.get("kind")) && root.get("kind") != null) {
            throw new Unusable("is of another kind than Config.");
        }
        Map<?, ?> context = named(root, "contexts", currentContext(root), "context");
        Map<?, ?> cluster = named(root, "clusters", required(context, "cluster", "its context"), "cluster");
        Map<?, ?> user = named(root, "users", required(context, "user", "its context"), "user");
        refuse(cluster, "cluster", OF_A_CLUSTER);
        refuse(user, "user", OF_A_USER);
        ConfigBuilder config = new ConfigBuilder(Config.empty())
                .withAutoConfigure(false)
                .withMasterUrl(server(required(cluster, "server", "its cluster")))
                .withCaCertData(certificates(cluster, "certificate-authority-data"))
                .withRequestTimeout(Math.toIntExact(timeout.toMillis()))
                .withConnectionTimeout(Math.toIntExact(timeout.toMillis()))
                .withRequestRetryBackoffLimit(2); // as our own requests (DECISIONS 5)
        identify(config, user);
        return config.build();
    }

    private static Map<?, ?> parse(byte[] content) throws Unusable {
        String yaml;
        try {
            yaml = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unusable("is not text.");
        }
        try {
            Object root = new KubernetesSerialization().unmarshal(yaml, Object.class);
            if (root instanceof Map<?, ?> map) {
                return map;
            }
        } catch (RuntimeException | StackOverflowError e) {
            // Not kept as the cause: parsers quote what they could not read. The error is what ten thousand nested
            // lists come to; it has unwound the parser's stack and nothing else.
            throw new Unusable("is not YAML that can be read.");
        }
        throw new Unusable("is not a kubeconfig.");
    }

    private static String currentContext(Map<?, ?> root) throws Unusable {
        String current = text(root, "current-context", "it");
        if (current != null) {
            return current;
        }
        List<?> contexts = list(root, "contexts");
        if (contexts.size() != 1 || !(contexts.get(0) instanceof Map<?, ?> only)) {
            throw new Unusable("has no current-context and not exactly one context.");
        }
        return required(only, "name", "its context");
    }

    private static Map<?, ?> named(Map<?, ?> root, String field, String name, String inner) throws Unusable {
        List<?> found = list(root, field).stream()
                .filter(entry -> entry instanceof Map<?, ?> map && name.equals(map.get("name")))
                .toList();
        if (found.size() != 1) {
            throw new Unusable(
                    "names one of its " + field + " that it has " + (found.isEmpty() ? "not." : "more than once."));
        }
        Object value = ((Map<?, ?>) found.get(0)).get(inner);
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new Unusable("has no " + inner + " where it must have one.");
    }

    private static List<?> list(Map<?, ?> root, String field) throws Unusable {
        if (root.get(field) instanceof List<?> list) {
            return list;
        }
        throw new Unusable("has no " + field + ".");
    }

    private static void refuse(Map<?, ?> map, String what, Map<String, String> fields) throws Unusable {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            Object value = map.get(field.getKey());
            boolean isSaid = value != null && !"".equals(value) && !Boolean.FALSE.equals(value);
            if (isSaid) {
                throw new Unusable("has " + field.getKey() + " in its " + what + ", which " + field.getValue() + ".");
            }
        }
    }

    private static String server(String text) throws Unusable {
        try {
            URI server = new URI(text);
            if (!"https".equalsIgnoreCase(server.getScheme()) || server.getHost() == null) {
                throw new Unusable("has a server that is not an https address.");
            }
            if (server.getUserInfo() != null || server.getQuery() != null || server.getFragment() != null) {
                throw new Unusable("has a server address with more than host, port and path.");
            }
            return server.toASCIIString();
        } catch (URISyntaxException e) {
            throw new Unusable("has a server that is no address."); // the cause quotes it
        }
    }

    private static void identify(ConfigBuilder config, Map<?, ?> user) throws Unusable {
        String token = text(user, "token", "its user");
        String certificate = certificates(user, "client-certificate-data");
        String key = text(user, "client-key-data", "its user");
        if ((certificate == null) != (key == null)) {
            throw new Unusable("has only one of client-certificate-data and client-key-data.");
        }
        if (token == null && key == null) {
            throw new Unusable("has no credential: its user needs a token, or a client certificate and key.");
        }
        if (token != null) {
            String stripped = token.strip();
            if (!TOKEN.matcher(stripped).matches()) {
                throw new Unusable("has a token with characters that no token has."); // an HTTP client would quote it
            }
            config.withOauthToken(stripped);
        }
        if (key != null) {
            if (System.getProperty("javax.net.ssl.keyStore") != null) {
                // fabric8 adds that store's keys to the one given, and would offer them to this server.
                throw new Unusable(
                        "has a client certificate, which cannot be used while this process has a key store of"
                                + " its own (javax.net.ssl.keyStore); put a token in.");
            }
            if (!PRIVATE_KEY
                    .matcher(new String(decoded(key, "client-key-data"), StandardCharsets.ISO_8859_1))
                    .matches()) {
                throw new Unusable("has client-key-data that is not a private key in PEM.");
            }
            config.withClientCertData(certificate)
                    .withClientKeyData(key)
                    .withClientKeyAlgo(Config.getKeyAlgorithm(null, key));
        }
    }

    /** As it is written, once it is known to be certificates; null if there is none. */
    private static @Nullable String certificates(Map<?, ?> map, String field) throws Unusable {
        String text = text(map, field, "it");
        if (text == null) {
            return null;
        }
        try {
            boolean none = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(decoded(text, field)))
                    .isEmpty();
            if (!none) {
                return text;
            }
        } catch (CertificateException e) {
            // Said below; the cause may quote what stands there, for example a key.
        }
        throw new Unusable("has " + field + " that is not a certificate in PEM.");
    }

    private static byte[] decoded(String text, String field) throws Unusable {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Unusable("has " + field + " that is not base64.");
        }
    }

    private static String required(Map<?, ?> map, String field, String where) throws Unusable {
        String text = text(map, field, where);
        if (text == null) {
            throw new Unusable("says no " + field + " in " + where + ".");
        }
        return text;
    }

    private static @Nullable String text(Map<?, ?> map, String field, String where) throws Unusable {
        Object value = map.get(field);
        if (value == null || "".equals(value)) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new Unusable("has a " + field + " in " + where + " that is no text.");
    }

    private static Map<String, String> ordered(String... fields) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            map.put(fields[i], fields[i + 1]);
        }
        return map;
    }

    /** Why a kubeconfig is not used. Never leaves this package. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        final String sentence;

        Unusable(String sentence) {
            super(sentence, null, false, false);
            this.sentence = sentence;
        }
    }
}
