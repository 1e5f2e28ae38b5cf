package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NetworkIndexTest {
    private static final List<Cidr> ADDRESSES =
            IntStream.range(0, 16).mapToObj(i -> cidr("10.0.0." + i + "/32")).toList();
    private static final List<Integer> PORTS = List.of(80, 443, 8443);

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    private static NetworkAllowance random(Random random, int place) {
        Cidr block = cidr("10.0.0." + random.nextInt(16) + "/" + (28 + random.nextInt(5)));
        List<Cidr> except = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> cidr("10.0.0." + random.nextInt(16) + "/" + (29 + random.nextInt(4))))
                .filter(no -> block.contains(no) && !no.equals(block))
                .toList();
        SortedSet<Integer> ports = new TreeSet<>(List.of(PORTS.get(random.nextInt(3)), PORTS.get(random.nextInt(3))));
        return new NetworkAllowance(
                "spec.egressRules[" + place + "]",
                block,
                except,
                ports,
                random.nextInt(4) > 0 ? Protocol.TCP : Protocol.UDP);
    }

    private static boolean allows(NetworkAllowance network, Cidr address) {
        return network.block().contains(address) && network.except().stream().noneMatch(no -> no.contains(address));
    }

    /** Address by address. */
    private static boolean covers(NetworkAllowance wide, NetworkAllowance narrow) {
        return wide.protocol() == narrow.protocol()
                && wide.ports().containsAll(narrow.ports())
                && ADDRESSES.stream().allMatch(address -> !allows(narrow, address) || allows(wide, address));
    }

    private static @Nullable NetworkAllowance firstByAskingEach(
            List<NetworkAllowance> all, NetworkAllowance asked, int place) {
        return IntStream.range(0, all.size())
                .filter(i -> i != place && covers(all.get(i), asked) && (i < place || !covers(asked, all.get(i))))
                .mapToObj(all::get)
                .findFirst()
                .orElse(null);
    }

    @Test
    void whatItFindsCoversEveryAddressAndWhatItDoesNotFindIsRare() {
        Random random = new Random(20_260_408);
        int found = 0;
        int missed = 0;
        for (int i = 0; i < 1_000; i++) {
            List<NetworkAllowance> networks = IntStream.range(0, 1 + random.nextInt(8))
                    .mapToObj(place -> random(random, place))
                    .toList();
            NetworkIndex index = new NetworkIndex(networks);
            for (int place = 0; place < networks.size(); place++) {
                NetworkAllowance asked = networks.get(place);
                assertThat(index.covering(asked)).isNotNull();
                NetworkAllowance by = index.shadowing(asked, place);
                if (by != null) {
                    assertThat(by).isNotSameAs(asked);
                    assertThat(covers(by, asked)).as("%s by %s", asked, by).isTrue();
                    found++;
                } else if (firstByAskingEach(networks, asked, place) != null) {
                    missed++; // exceptions that only together hold another's, or that hide what lies outside the wider
                    // block
                }
            }
        }
        assertThat(found).isGreaterThan(400);
        assertThat(missed).isLessThan(found / 10);
    }

    @Test
    void withoutExceptionsItFindsTheFirstThatAskingEachFinds() {
        Random random = new Random(20_260_409);
        for (int i = 0; i < 1_000; i++) {
            List<NetworkAllowance> networks = IntStream.range(0, 1 + random.nextInt(8))
                    .mapToObj(place -> random(random, place))
                    .map(it -> new NetworkAllowance(it.path(), it.block(), List.of(), it.ports(), it.protocol()))
                    .toList();
            NetworkIndex index = new NetworkIndex(networks);
            for (int place = 0; place < networks.size(); place++) {
                assertThat(index.shadowing(networks.get(place), place))
                        .isSameAs(firstByAskingEach(networks, networks.get(place), place));
            }
        }
    }
}
