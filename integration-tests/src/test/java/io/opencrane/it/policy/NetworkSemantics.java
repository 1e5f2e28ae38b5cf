package io.opencrane.it.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What network objects do to the connections of one pod, read from what Kubernetes and Cilium say of them and from nothing of ours: the
 * union of all objects that select the pod, and nothing else once one of them does.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network policies</a>
 * @see <a href="https://docs.cilium.io/en/stable/security/policy/language/#dns-based">Cilium, DNS based policies</a>
 */
final class NetworkSemantics {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> rules = new ArrayList<>();
    private boolean isIsolated;

    /** The objects of a namespace, as far as they are about the pod. */
    NetworkSemantics(Collection<GenericKubernetesResource> objects, Map<String, String> pod) {
        for (GenericKubernetesResource object : objects) {
            JsonNode spec = JSON.valueToTree(object.get("spec"));
            boolean isCilium = object.getKind().equals("CiliumNetworkPolicy");
            boolean isOutward = isCilium
                    ? spec.has("egress")
                    : stream(spec.path("policyTypes"))
                            .anyMatch(type -> type.asText().equals("Egress"));
            if (isOutward && selects(spec.path(isCilium ? "endpointSelector" : "podSelector"), pod)) {
                isIsolated = true;
                spec.path("egress").forEach(rules::add);
            }
        }
    }

    /**
     * Where a connection goes.
     *
     * @param name the name that was asked for, or null
     * @param namespace the namespace of the pod that it goes to, or null for none of this cluster
     * @param address where it goes
     */
    record Target(String name, String namespace, InetAddress address) {}

    boolean allows(Target target, int port, String protocol) {
        return !isIsolated || rules.stream().anyMatch(rule -> onPort(rule, port, protocol) && reaches(rule, target));
    }

    /** Addresses of which each is like all of its neighbours that are not here: the ends of every block, and what is beside them. */
    Set<BigInteger> edges(boolean isV6) {
        Set<BigInteger> edges = new TreeSet<>();
        BigInteger end = BigInteger.ONE.shiftLeft(isV6 ? 128 : 32);
        edges.add(BigInteger.ZERO);
        edges.add(end.subtract(BigInteger.ONE));
        for (JsonNode rule : rules) {
            for (String text : rule.findValuesAsText("cidr")) {
                around(text, isV6, edges);
            }
            rule.findValues("except").forEach(list -> list.forEach(text -> around(text.asText(), isV6, edges)));
        }
        edges.removeIf(edge -> edge.signum() < 0 || edge.compareTo(end) >= 0);
        return edges;
    }

    private static void around(String text, boolean isV6, Set<BigInteger> edges) {
        Block block = Block.of(text);
        if (block.bits == (isV6 ? 128 : 32)) {
            edges.add(block.first);
            edges.add(block.last);
            edges.add(block.first.subtract(BigInteger.ONE));
            edges.add(block.last.add(BigInteger.ONE));
        }
    }

    private static boolean onPort(JsonNode rule, int port, String protocol) {
        if (rule.has("toPorts")) { // Cilium
            return stream(rule.path("toPorts"))
                    .flatMap(ports -> stream(ports.path("ports")))
                    .anyMatch(allowed -> allowed.path("port").asText().equals(Integer.toString(port))
                            && Set.of("ANY", protocol)
                                    .contains(allowed.path("protocol").asText()));
        }
        return rule.path("ports").isEmpty()
                || stream(rule.path("ports"))
                        .anyMatch(allowed -> allowed.path("port").asInt() == port
                                && allowed.path("protocol").asText("TCP").equals(protocol));
    }

    private static boolean reaches(JsonNode rule, Target target) {
        if (rule.has("toFQDNs")) {
            return target.name() != null && stream(rule.path("toFQDNs")).anyMatch(fqdn -> isNamed(fqdn, target.name()));
        }
        return rule.path("to").isEmpty() || stream(rule.path("to")).anyMatch(peer -> isPeer(peer, target));
    }

    private static boolean isNamed(JsonNode fqdn, String name) {
        if (fqdn.has("matchName")) {
            return fqdn.path("matchName").asText().equals(name);
        }
        String pattern = fqdn.path("matchPattern").asText();
        if (pattern.equals("*")) {
            return true;
        }
        StringBuilder regex = new StringBuilder();
        pattern.chars().forEach(c -> regex.append(c == '*' ? "[-a-zA-Z0-9_]*" : Pattern.quote(Character.toString(c))));
        return name.matches(regex.toString());
    }

    private static boolean isPeer(JsonNode peer, Target target) {
        if (peer.has("ipBlock")) {
            JsonNode block = peer.path("ipBlock");
            return Block.of(block.path("cidr").asText()).contains(target.address())
                    && stream(block.path("except"))
                            .noneMatch(except -> Block.of(except.asText()).contains(target.address()));
        }
        Map<String, String> ofNamespace =
                target.namespace() == null ? null : Map.of("kubernetes.io/metadata.name", target.namespace());
        return ofNamespace != null
                && selects(peer.path("namespaceSelector"), ofNamespace)
                && selects(peer.path("podSelector"), Map.of("app", "service"));
    }

    private static boolean selects(JsonNode selector, Map<String, String> labels) {
        return selector.path("matchLabels").properties().stream()
                        .allMatch(wanted -> wanted.getValue().asText().equals(labels.get(wanted.getKey())))
                && stream(selector.path("matchExpressions")).allMatch(expression -> holds(expression, labels));
    }

    private static boolean holds(JsonNode expression, Map<String, String> labels) {
        String value = labels.get(expression.path("key").asText());
        boolean isListed = value != null
                && stream(expression.path("values"))
                        .anyMatch(one -> one.asText().equals(value));
        return switch (expression.path("operator").asText()) {
            case "In" -> isListed;
            case "NotIn" -> !isListed;
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new AssertionError("no operator of Kubernetes: " + expression);
        };
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }

    static InetAddress address(BigInteger number, boolean isV6) {
        byte[] bytes = new byte[isV6 ? 16 : 4];
        byte[] given = number.toByteArray();
        for (int i = 1; i <= Math.min(bytes.length, given.length); i++) {
            bytes[bytes.length - i] = given[given.length - i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(number.toString(), e);
        }
    }

    /** All addresses from the first to the last. */
    private record Block(int bits, BigInteger first, BigInteger last) {
        static Block of(String cidr) {
            String[] parts = cidr.split("/");
            byte[] bytes = address(parts[0]).getAddress();
            int bits = bytes.length * 8;
            BigInteger size = BigInteger.ONE.shiftLeft(bits - Integer.parseInt(parts[1]));
            BigInteger first = new BigInteger(1, bytes);
            return new Block(bits, first, first.add(size).subtract(BigInteger.ONE));
        }

        boolean contains(InetAddress address) {
            BigInteger number = new BigInteger(1, address.getAddress());
            return address.getAddress().length * 8 == bits
                    && number.compareTo(first) >= 0
                    && number.compareTo(last) <= 0;
        }
    }
}
