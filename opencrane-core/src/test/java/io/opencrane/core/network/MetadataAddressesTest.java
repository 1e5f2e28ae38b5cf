package io.opencrane.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetadataAddressesTest {
    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    @Test
    void thoseWithinANetworkAreInOrder() {
        assertThat(MetadataAddresses.within(cidr("169.254.0.0/16")))
                .extracting(Cidr::toString)
                .containsExactly("169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32");
        assertThat(MetadataAddresses.within(cidr("fd00::/8")))
                .extracting(Cidr::toString)
                .containsExactly("fd00:ec2::23/128", "fd00:ec2::254/128", "fd20:ce::254/128");
        assertThat(MetadataAddresses.within(cidr("10.0.0.0/8"))).isEmpty();
        assertThat(MetadataAddresses.within(cidr("0.0.0.0/0")))
                .hasSize(6)
                .isSorted()
                .noneMatch(Cidr::isV6);
        assertThat(MetadataAddresses.within(cidr("::/0"))).hasSize(3).isSorted().allMatch(Cidr::isV6);
    }

    @Test
    void aMetadataAddressIsWithinItself() {
        assertThat(MetadataAddresses.ALL)
                .doesNotHaveDuplicates()
                .allSatisfy(
                        address -> assertThat(MetadataAddresses.within(address)).containsExactly(address));
    }
}
