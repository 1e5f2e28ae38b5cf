package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.network.MetadataAddresses;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * How large what is made of a policy can become, in bytes of JSON: never less than its largest object, the custom resource included.
 * Pure.
 */
final class PolicySize {
    /** An object ends at 1 MiB. What a policy does not decide fits into the rest: metadata, and the names of 500 tenants. */
    static final int MOST = 900 * 1024;

    /** <code>{"to":[{"ipBlock":{"cidr":"","except":[]}}],"ports":[]},</code> */
    private static final int RULE = 100;

    /** <code>{"protocol":"TCP","port":65535},</code> */
    private static final int PORT = 34;

    /** <code>"169.254.169.254/32",</code> */
    private static final int EXCEPTION = 22;

    /** <code>{"matchPattern":""},</code> */
    private static final int NAME = 20;

    /** Quotes and comma. */
    private static final int ITEM = 3;

    private PolicySize() {}

    static long of(AccessPolicySpec spec) {
        long bytes = bytes(spec.description() == null ? "" : spec.description());
        for (EgressRule rule : spec.egressRules()) {
            bytes +=
                    RULE + bytes(rule.cidr()) + (long) PORT * rule.ports().size() + EXCEPTION * exceptions(rule.cidr());
        }
        bytes += of(spec.domains().allow(), NAME);
        bytes += of(spec.domains().deny(), ITEM);
        bytes += of(spec.mcpServers().allow(), ITEM) + of(spec.mcpServers().deny(), ITEM);
        for (Map.Entry<String, String> label :
                spec.tenantSelector().matchLabels().entrySet()) {
            // The server's own record of who set a label repeats its key.
            bytes += 2 * (bytes(label.getKey()) + 2 * ITEM) + bytes(label.getValue());
        }
        return bytes;
    }

    private static long exceptions(String cidr) {
        return Cidr.parse(cidr)
                .map(block -> MetadataAddresses.within(block).size())
                .orElse(0);
    }

    private static long of(List<String> texts, int around) {
        return texts.stream().mapToLong(text -> around + bytes(text)).sum();
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
