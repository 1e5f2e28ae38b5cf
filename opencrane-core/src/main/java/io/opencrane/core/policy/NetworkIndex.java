package io.opencrane.core.policy;

import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds which of many allowed networks cover one: those of a wider block, which are at most 32, that are open on its ports. There is an end
 * to asking: beyond seconds of work nothing more is found.
 */
final class NetworkIndex {
    private static final long MOST_COMPARED = 30_000_000;

    private final Map<Key, List<Item>> byPort = new HashMap<>();
    private long compared;

    private record Key(Cidr block, Protocol protocol, int port) {}

    private record Item(int ordinal, NetworkAllowance network) {}

    NetworkIndex(List<NetworkAllowance> networks) {
        for (int i = 0; i < networks.size(); i++) {
            NetworkAllowance network = networks.get(i);
            for (int port : network.ports()) {
                byPort.computeIfAbsent(new Key(network.block(), network.protocol(), port), unknown -> new ArrayList<>())
                        .add(new Item(i, network));
            }
        }
    }

    /** The first that covers a network, which may be the network itself; or null. */
    @Nullable
    NetworkAllowance covering(NetworkAllowance network) {
        return first(network, Integer.MAX_VALUE);
    }

    /** The first that makes the network at a place useless: it covers it, and comes earlier if both allow the same; or null. */
    @Nullable
    NetworkAllowance shadowing(NetworkAllowance network, int place) {
        return first(network, place);
    }

    private @Nullable NetworkAllowance first(NetworkAllowance network, int place) {
        Item found = null;
        for (int bits = network.block().prefix(); bits >= 0; bits--) {
            for (Item item : candidates(network.block().widened(bits), network)) {
                if (found != null && found.ordinal() < item.ordinal() || ++compared > MOST_COMPARED) {
                    break;
                }
                if (covers(item.network(), network) && (item.ordinal() < place || !covers(network, item.network()))) {
                    found = item;
                    break;
                }
            }
        }
        return found == null ? null : found.network();
    }

    /** Those of a block that are open on the one of the network's ports that the fewest are open on. */
    private List<Item> candidates(Cidr block, NetworkAllowance network) {
        return network.ports().stream()
                .map(port -> byPort.getOrDefault(new Key(block, network.protocol(), port), List.of()))
                .min(Comparator.comparingInt(List::size))
                .orElse(List.of());
    }

    /** Whether one network, ports and protocol allow all that another allows. */
    private static boolean covers(NetworkAllowance wide, NetworkAllowance narrow) {
        return wide.protocol() == narrow.protocol()
                && wide.block().contains(narrow.block())
                && wide.ports().containsAll(narrow.ports())
                && wide.except().stream().allMatch(no -> isOutside(no, narrow));
    }

    private static boolean isOutside(Cidr block, NetworkAllowance network) {
        return network.except().stream().anyMatch(no -> no.contains(block))
                || !network.block().contains(block) && !block.contains(network.block());
    }
}
