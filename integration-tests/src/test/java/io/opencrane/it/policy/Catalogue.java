package io.opencrane.it.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The rows of {@code catalogue.txt}. */
final class Catalogue {
    private static final Pattern RANGE = Pattern.compile("\\{(\\d+)\\.\\.(\\d+)}");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private Catalogue() {}

    /**
     * One policy and what becomes of it.
     *
     * @param name what it is about
     * @param spec the spec
     * @param isRefused whether the API server refuses it
     * @param rules of the NetworkPolicy
     * @param names of the CiliumNetworkPolicy
     * @param conditions Accepted and DomainsEnforced
     */
    record Row(
            String name,
            Map<String, Object> spec,
            boolean isRefused,
            List<String> rules,
            List<String> names,
            String conditions) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        try (InputStream in = Objects.requireNonNull(Catalogue.class.getResourceAsStream("catalogue.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Catalogue::row)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bar with spaces around it separates; one in a name does not. */
    private static Row row(String line) {
        List<String> cells =
                Arrays.stream(line.split(" \\| ")).map(String::strip).toList();
        Map<String, Object> spec = spec(cells.get(1));
        if (cells.size() == 3 && cells.get(2).equals("refused")) {
            return new Row(cells.get(0), spec, true, List.of(), List.of(), "");
        }
        if (cells.size() != 5) {
            throw new IllegalStateException("A row has five cells: " + line);
        }
        List<String> rules =
                Stream.of(cells.get(2).split("; ")).map(Catalogue::rule).toList();
        return new Row(cells.get(0), spec, false, rules, words(cells.get(3)), cells.get(4));
    }

    private static String rule(String text) {
        return String.join(" ", words(text));
    }

    private static List<String> words(String text) {
        return text.equals("-")
                ? List.of()
                : Stream.of(text.split(" ")).flatMap(Catalogue::each).toList();
    }

    private static Stream<String> each(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.find()) {
            return Stream.of(text);
        }
        int from = Integer.parseInt(range.group(1));
        int to = Integer.parseInt(range.group(2));
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> text.substring(0, range.start()) + i + text.substring(range.end()))
                .flatMap(Catalogue::each);
    }

    private static Map<String, Object> spec(String text) {
        try {
            JsonNode spec = expanded(JSON.readTree(quoted(text)));
            return JSON.convertValue(
                    spec, JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A spec is JSON: " + text, e);
        }
    }

    /** Puts bare words of lists and members into quotes: {@code [github.com]}, {@code protocol: UDP}. */
    private static String quoted(String text) {
        Matcher bare = Pattern.compile("'[^']*'|(?<=[\\[ ,])[A-Za-z_][-A-Za-z0-9_.]*(?=[],}])")
                .matcher(text);
        return bare.replaceAll(found -> {
            String word = found.group();
            boolean isLiteral = word.startsWith("'") || word.equals("true") || word.equals("false");
            return Matcher.quoteReplacement(isLiteral ? word : "'" + word + "'");
        });
    }

    private static JsonNode expanded(JsonNode node) throws JsonProcessingException {
        if (node.isArray()) {
            ArrayNode all = JSON.createArrayNode();
            for (JsonNode element : node) {
                for (String each : each(element.toString()).toList()) {
                    all.add(JSON.readTree(each));
                }
            }
            return all;
        }
        if (node.isObject()) {
            var object = JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                object.set(member.getKey(), expanded(member.getValue()));
            }
            return object;
        }
        return node;
    }
}
