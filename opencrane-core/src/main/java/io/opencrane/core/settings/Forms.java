package io.opencrane.core.settings;

import io.opencrane.api.error.Problem;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.network.Cidr;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms a variable's text can have. A refusal says what is asked for and never repeats what was given, which may be a secret. */
final class Forms {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
    private static final Pattern DNS_NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern IMAGE = Pattern.compile(
            "[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?(:\\d{1,5})?(/[a-z0-9]+([-._]+[a-z0-9]+)*)*(:[A-Za-z0-9_][-._A-Za-z0-9]{0,127})?"
                    + "(@sha256:[0-9a-f]{64})?");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final BigDecimal MOST_MONEY = new BigDecimal("9999999999.99");

    private Forms() {}

    /** Why a text is refused. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Problem.Code code;
        private final String sentence;

        Refused(Problem.Code code, String sentence) {
            super(sentence, null, false, false);
            this.code = code;
            this.sentence = sentence;
        }

        Problem at(Variable variable) {
            return new Problem(variable.name(), code, sentence);
        }
    }

    static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refused(Problem.Code.MALFORMED, "Write true or false.");
        };
    }

    static long whole(String text, long least, long most) {
        if (!text.matches("-?\\d{1,18}")) {
            throw new Refused(Problem.Code.MALFORMED, "Write a whole number.");
        }
        long number = Long.parseLong(text);
        if (number < least || number > most) {
            throw new Refused(Problem.Code.OUT_OF_RANGE, "Write a whole number from " + least + " to " + most + ".");
        }
        return number;
    }

    static BigDecimal money(String text) {
        if (!text.matches("-?\\d{1,30}(\\.\\d{1,30})?")) {
            throw new Refused(
                    Problem.Code.MALFORMED, "Write US dollars as a decimal number, for example 200 or 49.50.");
        }
        BigDecimal amount = new BigDecimal(text);
        if (amount.signum() < 0 || amount.compareTo(MOST_MONEY) > 0) {
            throw new Refused(Problem.Code.OUT_OF_RANGE, "Write US dollars from 0 to " + MOST_MONEY + ".");
        }
        return amount;
    }

    static String label(String text) {
        return matching(DNS_LABEL, text, "Write a DNS label: lower-case letters, digits and dashes, at most 63.");
    }

    static String dnsName(String text, int most) {
        if (text.length() > most) {
            throw new Refused(Problem.Code.TOO_LONG, "Write at most " + most + " characters.");
        }
        return matching(DNS_NAME, text, "Write a lower-case DNS name.");
    }

    static String image(String text) {
        return matching(IMAGE, text, "Write an image reference, for example ghcr.io/opencrane/tenant:1.0.");
    }

    static String matching(Pattern form, String text, String sentence) {
        if (!form.matcher(text).matches()) {
            throw new Refused(Problem.Code.MALFORMED, sentence);
        }
        return text;
    }

    static SecretText credential(String text) {
        return SecretText.of(matching(TOKEN, text, "Write a credential of visible ASCII characters without spaces."));
    }

    static SecretText databaseUrl(String text) {
        boolean known = text.startsWith("postgresql://")
                || text.startsWith("postgres://")
                || text.startsWith("jdbc:postgresql:");
        if (!known || !TOKEN.matcher(text).matches()) {
            throw new Refused(
                    Problem.Code.MALFORMED,
                    "Write postgresql://user:password@host:port/database, special characters percent-encoded.");
        }
        return SecretText.of(text);
    }

    static URI url(String text) {
        URI uri = parsed(text);
        boolean web = uri != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        if (uri == null || !web || uri.getHost() == null) {
            throw new Refused(Problem.Code.MALFORMED, "Write an absolute URL that starts with http:// or https://.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new Refused(Problem.Code.MALFORMED, "Leave user, password and fragment out of the URL.");
        }
        return uri;
    }

    /** A URL that paths are appended to. */
    static URI baseUrl(String text) {
        URI uri = url(text);
        if (uri.getRawQuery() != null) {
            throw new Refused(Problem.Code.MALFORMED, "Leave the query out of the URL; paths are appended to it.");
        }
        return URI.create(uri.toString().replaceFirst("/+$", ""));
    }

    /** A URL that a bearer token may be sent to. */
    static URI secureUrl(String text) {
        URI uri = baseUrl(text);
        if (!"https".equals(uri.getScheme()) && !LOOPBACK.matcher(uri.getHost()).matches()) {
            throw new Refused(
                    Problem.Code.MALFORMED, "Write an https:// URL; plain http is for loopback addresses only.");
        }
        return uri;
    }

    private static @Nullable URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null; // its message repeats the text
        }
    }

    static ZoneId zone(String text) {
        try {
            ZoneId zone = ZoneId.of(text);
            if (!(zone instanceof ZoneOffset)) {
                return zone;
            }
        } catch (DateTimeException e) {
            // its message repeats the text; refused below
        }
        throw new Refused(Problem.Code.UNKNOWN, "Write an IANA time zone, for example UTC or Europe/Berlin.");
    }

    static HostingProvider provider(String text) {
        return Arrays.stream(HostingProvider.values())
                .filter(provider -> provider.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> new Refused(Problem.Code.UNKNOWN, "Write onprem or gcp."));
    }

    /** At least one item: {@code ","} must not pass for "none". */
    static List<String> list(String text) {
        List<String> items = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
        if (items.isEmpty()) {
            throw new Refused(Problem.Code.MALFORMED, "Write at least one item, or leave the variable out.");
        }
        return items;
    }

    static List<String> cidrs(String text) {
        List<String> blocks = list(text);
        if (!blocks.stream().allMatch(Cidr::isBlock)) {
            throw new Refused(
                    Problem.Code.MALFORMED,
                    "Write network addresses with prefix length, separated by commas, for example 10.0.0.0/8,fd00::/8.");
        }
        return blocks;
    }
}
