package io.opencrane.core.network;

import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses under which clouds hand credentials to whoever asks from a node. No network policy of ours opens them (DECISIONS 30).
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/hardening-guide/">Kubernetes, security</a>
 */
public final class MetadataAddresses {
    /**
     * All of them: AWS, Azure, GCP, OpenStack and others; AWS ECS tasks; AWS EKS pod identity; Azure's wire server; Alibaba; Oracle's
     * former one; AWS and its pod identity, and GCP, on IPv6.
     */
    public static final List<Cidr> ALL = Stream.of(
                    "169.254.169.254/32",
                    "169.254.170.2/32",
                    "169.254.170.23/32",
                    "168.63.129.16/32",
                    "100.100.100.200/32",
                    "192.0.0.192/32",
                    "fd00:ec2::254/128",
                    "fd00:ec2::23/128",
                    "fd20:ce::254/128")
            .map(text -> Cidr.parse(text).orElseThrow())
            .toList();

    private MetadataAddresses() {}

    /**
     * Those within a network.
     *
     * @param block the network
     * @return sorted; the block itself if it is one of them
     */
    public static List<Cidr> within(Cidr block) {
        return ALL.stream().filter(block::contains).sorted().toList();
    }
}
