package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.error.Problem.Code;
import io.opencrane.core.network.Cidr;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What 1.20 refuses in a NetworkPolicy. It stops at the first thing wrong with a block, and goes on elsewhere. */
final class NetworkPolicyValidation {
    private static final Set<String> TYPES = Set.of("Ingress", "Egress");
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
    private static final Pattern PORT_NAME = Pattern.compile("(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?");

    private final Invalid invalid;

    NetworkPolicyValidation(Invalid invalid) {
        this.invalid = invalid;
    }

    void check(JsonNode spec) {
        selector(spec.path("podSelector"), "spec.podSelector");
        rules(spec.path("ingress"), "from", "spec.ingress");
        rules(spec.path("egress"), "to", "spec.egress");
        types(spec.path("policyTypes"));
    }

    private void types(JsonNode types) {
        if (types.size() > TYPES.size()) {
            invalid.add("spec.policyTypes", Code.MALFORMED, "May not specify more than two policyTypes.");
            return;
        }
        boolean known = types.valueStream().allMatch(type -> TYPES.contains(type.asText()));
        for (int i = 0; i < types.size(); i++) { // one unknown type spoils all
            invalid.check(known, "spec.policyTypes[" + i + "]", Code.UNKNOWN, "Unsupported value.");
        }
    }

    private void rules(JsonNode rules, String direction, String path) {
        for (int i = 0; i < rules.size(); i++) {
            JsonNode ports = rules.get(i).path("ports");
            JsonNode peers = rules.get(i).path(direction);
            String rule = path + "[" + i + "].";
            for (int j = 0; j < ports.size(); j++) {
                port(ports.get(j), rule + "ports[" + j + "]");
            }
            for (int j = 0; j < peers.size(); j++) {
                peer(peers.get(j), rule + direction + "[" + j + "]");
            }
        }
    }

    private void port(JsonNode port, String path) {
        invalid.check(
                PROTOCOLS.contains(Json.text(port, "protocol")),
                path + ".protocol",
                Code.UNKNOWN,
                "Unsupported value.");
        JsonNode number = port.path("port");
        boolean sound = number.isTextual()
                ? PORT_NAME.matcher(number.asText()).matches()
                : number.isMissingNode() || number.asInt() >= 1 && number.asInt() <= 65535;
        invalid.check(sound, path + ".port", Code.MALFORMED, "Neither a port nor a port's name.");
    }

    private void peer(JsonNode peer, String path) {
        selector(peer.path("podSelector"), path + ".podSelector");
        selector(peer.path("namespaceSelector"), path + ".namespaceSelector");
        invalid.check(!peer.isEmpty(), path, Code.REQUIRED, "Must specify a peer.");
        if (peer.has("ipBlock")) {
            block(peer.path("ipBlock"), path + ".ipBlock");
            invalid.check(peer.size() == 1, path, Code.CONTRADICTION, "May not specify both ipBlock and another peer.");
        }
    }

    private void block(JsonNode block, String path) {
        String text = Json.text(block, "cidr");
        if (text.isEmpty()) {
            invalid.add(path + ".cidr", Code.REQUIRED, "Required value.");
            return;
        }
        Optional<Cidr> network = Cidr.parse(text);
        if (network.isEmpty()) {
            invalid.add(path + ".cidr", Code.MALFORMED, "Not a valid CIDR.");
            return;
        }
        JsonNode excepted = block.path("except");
        for (int i = 0; i < excepted.size(); i++) {
            Optional<Cidr> except = Cidr.parse(excepted.get(i).asText());
            String at = path + ".except[" + i + "]";
            if (except.isEmpty()) {
                invalid.add(at, Code.MALFORMED, "Not a valid CIDR.");
                return;
            }
            invalid.check(
                    network.get().contains(except.get()) && !network.equals(except),
                    at,
                    Code.MALFORMED,
                    "Must be a strict subset of `cidr`.");
        }
    }

    private void selector(JsonNode selector, String path) {
        Validation.labels(invalid, selector.path("matchLabels"), path + ".matchLabels");
        JsonNode expressions = selector.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            JsonNode expression = expressions.get(i);
            String at = path + ".matchExpressions[" + i + "]";
            boolean some = !expression.path("values").isEmpty();
            switch (Json.text(expression, "operator")) {
                case "In", "NotIn" ->
                    invalid.check(some, at + ".values", Code.REQUIRED, "Must be specified with `In` and `NotIn`.");
                case "Exists", "DoesNotExist" ->
                    invalid.check(
                            !some, at + ".values", Code.CONTRADICTION, "May not be specified with this operator.");
                default -> invalid.add(at + ".operator", Code.MALFORMED, "Not a valid selector operator.");
            }
            Validation.qualified(invalid, Json.text(expression, "key"), at + ".key");
        }
    }
}
