package io.opencrane.it.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.EgressDecision;
import io.opencrane.api.policy.EgressDecision.Verdict;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.policy.EgressBaseline;
import io.opencrane.core.policy.EgressFence;
import io.opencrane.core.policy.EgressPlan;
import io.opencrane.core.settings.Settings;
import io.opencrane.it.policy.NetworkSemantics.Target;
import io.opencrane.k8s.apply.InstallOwnership;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.blueprint.PolicyObjects;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is decided about a destination is what the rendered objects do, in all of many random cases. */
class DecisionsMatchObjectsTest {
    private static final long SEED = 20_260_408;
    private static final int POLICIES = 600;
    private static final int QUESTIONS = 50;
    private static final Map<String, String> POD = Map.of(
            "app.kubernetes.io/part-of", "opencrane",
            "app.kubernetes.io/component", "tenant",
            "opencrane.io/tenant", "ada");
    private static final List<String> METADATA =
            List.of("169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254");
    private static final List<String> CONTROL_PLANE = List.of(
            "gateway.system", "gateway.system.svc", "gateway.system.svc.cluster.local", "gateway.system.com", "system");

    private final RandomPolicies random = new RandomPolicies(SEED);
    private final Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);

    @Test
    void aDecisionIsWhatTheRenderedObjectsDo() {
        for (int i = 0; i < POLICIES; i++) {
            boolean hasPolicy = random.below(20) > 0;
            boolean hasCilium = random.below(4) > 0;
            Settings settings = Settings.builder()
                    .namespace("opencrane")
                    .podNamespace("system")
                    .egressBaseline(random.baseline())
                    .build();
            AccessPolicySpec spec =
                    hasPolicy ? random.spec() : AccessPolicySpec.builder().build();
            EgressPlan plan = hasPolicy ? EgressPlan.of(spec) : EgressPlan.NONE;
            EgressFence fence = new EgressFence(EgressBaseline.of(settings), hasPolicy ? "lab" : null, plan, hasCilium);
            NetworkSemantics objects = new NetworkSemantics(rendered(settings, plan, hasPolicy, hasCilium), POD);
            for (int question = 0; question < QUESTIONS; question++) {
                ask(fence, objects, settings + " " + spec + (hasCilium ? " with Cilium" : ""));
            }
        }

        System.out.println("decisions compared with the rendered objects: " + seen);
        assertThat(seen.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(POLICIES * QUESTIONS);
        assertThat(seen.keySet()).containsExactly(Verdict.values());
        assertThat(seen.values()).allSatisfy(count -> assertThat(count).isGreaterThan(1_000));
    }

    private static List<GenericKubernetesResource> rendered(
            Settings settings, EgressPlan plan, boolean hasPolicy, boolean hasCilium) {
        List<GenericKubernetesResource> objects = new ArrayList<>();
        objects.add(NetworkFence.of(settings).aroundTenants("team", new InstallOwnership("opencrane")));
        PolicyObjects policy =
                new PolicyObjects(new PolicyOwnership(new AccessPolicyId("opencrane", "lab"), "uid"), plan);
        List<String> tenants = hasPolicy ? List.of("ada", "bob") : List.of("bob");
        objects.addAll(policy.networkPolicies("team", tenants).values());
        if (hasCilium) {
            objects.addAll(policy.ciliumPolicies("team", tenants).values());
        }
        return objects;
    }

    private void ask(EgressFence fence, NetworkSemantics objects, String world) {
        String name = random.below(3) == 0 ? null : random.below(10) == 0 ? random.pick(CONTROL_PLANE) : random.name();
        InetAddress address = name != null && random.below(2) == 0 ? null : address(objects);
        int port = random.port();
        Protocol protocol = random.protocol();
        Destination destination = new Destination(name, address == null ? null : address.getHostAddress());

        EgressDecision decision = fence.decide(destination, port, protocol);

        seen.merge(decision.verdict(), 1, Integer::sum);
        assertThat(decision.verdict())
                .as("%s on %d/%s under %s: %s", destination, port, protocol, world, decision)
                .isEqualTo(expected(objects, name, address, port, protocol.name()));
    }

    private InetAddress address(NetworkSemantics objects) {
        if (random.below(6) == 0) {
            return NetworkSemantics.address(random.pick(METADATA));
        }
        boolean isV6 = random.below(5) == 0;
        return NetworkSemantics.address(random.pick(List.copyOf(objects.edges(isV6))), isV6);
    }

    private static Verdict expected(
            NetworkSemantics objects, String name, InetAddress address, int port, String protocol) {
        Stream<InetAddress> addresses = address != null
                ? Stream.of(address)
                : Stream.of(false, true)
                        .flatMap(isV6 -> objects.edges(isV6).stream()
                                .map((BigInteger edge) -> NetworkSemantics.address(edge, isV6)));
        List<Boolean> allowed = addresses
                .map(each -> objects.allows(new Target(name, namespaceOf(name), each), port, protocol))
                .distinct()
                .toList();
        if (allowed.size() > 1) {
            return Verdict.DEPENDS_ON_ADDRESS;
        }
        return allowed.get(0) ? Verdict.ALLOWED : Verdict.DENIED;
    }

    /** As the cluster's DNS reads the name of a service. */
    private static String namespaceOf(String name) {
        return name != null && name.matches("[a-z]+\\.system(\\.svc(\\.cluster\\.local)?)?") ? "system" : null;
    }
}
