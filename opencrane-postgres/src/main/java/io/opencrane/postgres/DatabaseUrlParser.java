package io.opencrane.postgres;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@code DATABASE_URL} apart. Not {@link java.net.URI}, whose exceptions repeat the whole text, password included, and which
 * refuses characters that Prisma lets pass. Used once.
 */
final class DatabaseUrlParser {
    private static final Pattern SCHEME = Pattern.compile("postgres(ql)?://");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern PARAMETER_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,40}");
    private static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    private static final String ENCODE =
            "Percent-encode /, ?, # and @ in user and password, and @ in parameters (%2F, %3F, %23, %40).";

    String host = "";
    int port = 5432;
    String database = "";
    String user = "";

    @Nullable
    SecretText password;

    final Map<String, String> driverProperties = new LinkedHashMap<>();
    int connectionLimit = 10;
    Duration connectTimeout = Duration.ofSeconds(3);
    Duration poolTimeout = Duration.ofSeconds(4);
    Duration socketTimeout = Duration.ofSeconds(30);
    boolean pgBouncer;

    private final List<Problem> problems = new ArrayList<>();

    DatabaseUrl parse(String url) {
        var scheme = SCHEME.matcher(url);
        if (!scheme.lookingAt()) {
            problem("", Problem.Code.MALFORMED, "Write postgresql://user:password@host:5432/database.");
        } else {
            String rest = url.substring(scheme.end());
            int query = rest.indexOf('?');
            String address = query < 0 ? rest : rest.substring(0, query);
            String parameters = query < 0 ? "" : rest.substring(query + 1);
            if (parameters.indexOf('@') >= 0) {
                // Then the parameters may be the rest of a password, whose parts must not be named.
                problem("", Problem.Code.MALFORMED, ENCODE);
            } else {
                parseAddress(address);
                parseQuery(parameters);
            }
        }
        if (!problems.isEmpty()) {
            throw new ValidationException(DatabaseUrl.SETTING, problems);
        }
        return new DatabaseUrl(this);
    }

    private void parseAddress(String address) {
        // The last one: a password may hold an unencoded @.
        int at = address.lastIndexOf('@');
        String credentials = address.substring(0, Math.max(at, 0));
        String location = address.substring(at + 1);
        if (credentials.indexOf('/') >= 0 || address.indexOf('#') >= 0) {
            problem("", Problem.Code.MALFORMED, ENCODE);
            return;
        }
        int colon = credentials.indexOf(':');
        user = decode("user", colon < 0 ? credentials : credentials.substring(0, colon), false);
        if (user.isEmpty()) {
            problem("", Problem.Code.REQUIRED, "It names no user.");
        }
        String secret = colon < 0 ? "" : decode("password", credentials.substring(colon + 1), false);
        password = secret.isEmpty() ? null : SecretText.of(secret);
        int slash = location.indexOf('/');
        parseServer(slash < 0 ? location : location.substring(0, slash));
        database = slash < 0 ? "" : decode("database", location.substring(slash + 1), false);
        if (database.isEmpty()) {
            problem("", Problem.Code.REQUIRED, "It names no database.");
        }
    }

    private void parseServer(String server) {
        int colon = server.lastIndexOf(':');
        boolean hasPort = colon > server.lastIndexOf(']');
        String name = hasPort ? server.substring(0, colon) : server;
        if (!HOST.matcher(name).matches()) {
            problem("", Problem.Code.MALFORMED, "Its host is not one host name or address.");
            return;
        }
        host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        if (hasPort) {
            port = number("port", server.substring(colon + 1), 1, 65_535, port);
        }
    }

    private void parseQuery(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!pair.isEmpty()) {
                parameters.put(name, equals < 0 ? "" : decode(name, pair.substring(equals + 1), true));
            }
        }
        parameters.forEach(this::parameter);
        requireVerification(parameters);
    }

    private void parameter(String name, String value) {
        switch (name) {
            case "schema" -> {
                // The platform's own; see DatabaseUrl.
            }
            case "connection_limit" -> connectionLimit = number(name, value, 1, 1_000, connectionLimit);
            case "connect_timeout" -> connectTimeout = seconds(name, value, connectTimeout);
            case "pool_timeout" -> poolTimeout = seconds(name, value, poolTimeout);
            case "socket_timeout" -> socketTimeout = seconds(name, value, socketTimeout);
            case "sslmode" -> driverProperties.put("sslmode", oneOf(name, value, SSL_MODES));
            case "sslaccept" -> oneOf(name, value, Set.of("strict", "accept_invalid_certs"));
            case "sslcert", "sslrootcert" -> driverProperties.put("sslrootcert", value);
            case "channel_binding" ->
                driverProperties.put("channelBinding", oneOf(name, value, Set.of("disable", "prefer", "require")));
            case "pgbouncer" ->
                pgBouncer = oneOf(name, value, Set.of("true", "false")).equals("true");
            case "statement_cache_size" ->
                driverProperties.put(
                        "preparedStatementCacheQueries", Integer.toString(number(name, value, 0, 100_000, 0)));
            case "application_name" -> driverProperties.put("ApplicationName", value);
            case "options" -> driverProperties.put("options", value);
            default ->
                problem(
                        name,
                        Problem.Code.UNKNOWN,
                        "This parameter is not understood; remove it, or hand in a DataSource of your own.");
        }
    }

    /**
     * Prisma's "strict" asks for a certificate that verifies, which is another sslmode for the driver. Its own trust anchor is a file in
     * the home directory, without which it connects to nobody; Prisma trusts what the system trusts.
     */
    private void requireVerification(Map<String, String> parameters) {
        if ("strict".equals(parameters.get("sslaccept"))) {
            String mode = parameters.getOrDefault("sslmode", "require");
            if (mode.equals("disable")) {
                problem("sslaccept", Problem.Code.CONTRADICTION, "Nothing can be verified with sslmode=disable.");
            }
            driverProperties.put("sslmode", "verify-full");
            if (!driverProperties.containsKey("sslrootcert")) {
                driverProperties.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            }
        }
    }

    private Duration seconds(String name, String value, Duration otherwise) {
        int seconds = number(name, value, 0, 3_600, 0);
        return seconds == 0 ? otherwise : Duration.ofSeconds(seconds);
    }

    private int number(String name, String value, int min, int max, int otherwise) {
        if (value.matches("\\d{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        }
        problem(name, Problem.Code.OUT_OF_RANGE, "Write a number from " + min + " to " + max + ".");
        return otherwise;
    }

    private String oneOf(String name, String value, Set<String> known) {
        if (!known.contains(value)) {
            problem(
                    name,
                    Problem.Code.UNKNOWN,
                    "Write one of " + String.join(", ", known.stream().sorted().toList()) + ".");
        }
        return value;
    }

    private String decode(String name, String text, boolean plusIsSpace) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    problem(
                            name,
                            Problem.Code.MALFORMED,
                            "A percent sign stands before two hex digits; write %25 for one.");
                    return "";
                }
                decoded.put((byte) (high << 4 | low));
                i += 2;
            } else {
                decoded.put(plusIsSpace && raw[i] == '+' ? (byte) ' ' : raw[i]);
            }
        }
        try {
            String result =
                    StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
            if (result.indexOf('\0') < 0) {
                return result;
            }
        } catch (CharacterCodingException e) {
            // Its message says nothing more.
        }
        problem(name, Problem.Code.MALFORMED, "It is not percent-encoded UTF-8 text.");
        return "";
    }

    /** A name in the wrong place may be half a password; only what looks like a name is repeated. */
    private void problem(String part, Problem.Code code, String message) {
        String path = part.isEmpty() ? "" : PARAMETER_NAME.matcher(part).matches() ? "?" + part : "?(unreadable name)";
        problems.add(new Problem(DatabaseUrl.SETTING + path, code, message));
    }
}
