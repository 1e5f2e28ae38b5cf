package io.opencrane.it.policy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Network objects as short texts, one for each rule. Of a NetworkPolicy: {@code dns}, or {@code 10.0.0.0/8 tcp 443,8443}, with several
 * blocks {@code 10.0.0.0/8 11.0.0.0/8 udp 53}, and exceptions {@code 10.0.0.0/8!10.1.0.0/16}, of which {@code !metadata} stands for all six
 * metadata addresses of IPv4. Of a CiliumNetworkPolicy its names.
 */
final class Rendered {
    private static final Map<String, Object> DNS =
            Map.of("ports", List.of(Map.of("port", 53, "protocol", "TCP"), Map.of("port", 53, "protocol", "UDP")));

    /** Written out here and not taken from what is tested. */
    private static final List<String> METADATA = List.of(
            "100.100.100.200/32",
            "168.63.129.16/32",
            "169.254.169.254/32",
            "169.254.170.2/32",
            "169.254.170.23/32",
            "192.0.0.192/32");

    private Rendered() {}

    static List<String> egress(GenericKubernetesResource networkPolicy) {
        List<Map<String, Object>> rules = networkPolicy.get("spec", "egress");
        return rules.stream().map(Rendered::rule).toList();
    }

    private static String rule(Map<String, Object> rule) {
        if (rule.equals(DNS)) {
            return "dns";
        }
        List<Map<String, Map<String, Object>>> to = list(rule.get("to"));
        List<Map<String, Object>> ports = list(rule.get("ports"));
        String protocol = ports.stream()
                .map(port -> port.get("protocol").toString().toLowerCase(Locale.ROOT))
                .distinct()
                .collect(Collectors.joining("|"));
        return to.stream().map(peer -> block(peer.get("ipBlock"))).collect(Collectors.joining(" ")) + " " + protocol
                + " " + ports.stream().map(port -> port.get("port").toString()).collect(Collectors.joining(","));
    }

    private static String block(Map<String, Object> ipBlock) {
        List<String> except = list(ipBlock.get("except"));
        String left = except.equals(METADATA)
                ? "!metadata"
                : except.stream().map(text -> "!" + text).collect(Collectors.joining());
        return ipBlock.get("cidr") + left;
    }

    /** The names that a CiliumNetworkPolicy opens on 443/TCP; fails if it opens anything else, or does not show Cilium the DNS answers. */
    static List<String> names(GenericKubernetesResource ciliumPolicy) {
        List<Map<String, Object>> egress = ciliumPolicy.get("spec", "egress");
        Map<String, Object> dns = Map.of(
                "toPorts",
                List.of(Map.of(
                        "ports",
                        List.of(Map.of("port", "53", "protocol", "ANY")),
                        "rules",
                        Map.of("dns", List.of(Map.of("matchPattern", "*"))))));
        if (egress.size() != 2 || !egress.get(0).equals(dns)) {
            throw new AssertionError("no L7 rule for DNS first, and one rule after it: " + egress);
        }
        Object https = List.of(Map.of("ports", List.of(Map.of("port", "443", "protocol", "TCP"))));
        if (!https.equals(egress.get(1).get("toPorts"))) {
            throw new AssertionError("not on 443/TCP alone: " + egress);
        }
        List<Map<String, String>> names = list(egress.get(1).get("toFQDNs"));
        List<String> texts = new ArrayList<>();
        for (Map<String, String> name : names) {
            String key = name.keySet().iterator().next();
            String text = name.get(key);
            if (name.size() != 1 || !key.equals(text.contains("*") ? "matchPattern" : "matchName")) {
                throw new AssertionError("not one way to say a name: " + name);
            }
            texts.add(text);
        }
        return texts;
    }

    /** Whom an object selects; fails unless it is by exactly one expression over the tenant label. */
    static List<String> tenants(GenericKubernetesResource object) {
        Object selector =
                object.get("spec", object.getKind().equals("NetworkPolicy") ? "podSelector" : "endpointSelector");
        List<Map<String, Object>> expressions = list(((Map<?, ?>) selector).get("matchExpressions"));
        List<String> values = list(expressions.get(0).get("values"));
        Map<String, Object> expected = Map.of(
                "matchExpressions", List.of(Map.of("key", "opencrane.io/tenant", "operator", "In", "values", values)));
        if (!expected.equals(selector)) {
            throw new AssertionError("selects by something else than the tenants: " + selector);
        }
        return values;
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> list(Object value) {
        return value == null ? List.of() : (List<T>) value;
    }
}
