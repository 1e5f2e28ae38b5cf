package io.opencrane.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    private static Cidr address(String text) {
        return Cidr.address(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "10.20.0.0/16, 10.20.0.0/16, true",
        "10.20.3.4/16, 10.20.0.0/16, false",
        "255.255.255.255/0, 0.0.0.0/0, false",
        "0.0.0.0/0, 0.0.0.0/0, true",
        "10.0.0.7/32, 10.0.0.7/32, true",
        "10.0.0.7/31, 10.0.0.6/31, false",
        "128.0.0.0/1, 128.0.0.0/1, true",
        "::/0, ::/0, true",
        "fd00::/8, fd00::/8, true",
        "fdff::/8, fd00::/8, false",
        "2001:0DB8::00Ff/128, 2001:db8::ff/128, true",
        "2001:db8::ff/120, 2001:db8::/120, false",
    })
    void aNetworkIsReadAndWrittenInItsShortestForm(String text, String canonical, boolean isBlock) {
        assertThat(cidr(text)).hasToString(canonical).isEqualTo(cidr(canonical)).hasSameHashCodeAs(cidr(canonical));
        assertThat(Cidr.isBlock(text)).isEqualTo(isBlock);
        assertThat(cidr(text).isV6()).isEqualTo(text.contains(":"));
        assertThat(cidr(text).prefix()).isEqualTo(Integer.parseInt(text.substring(text.indexOf('/') + 1)));
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 5952
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:DB8::0001, 2001:db8::1",
        "0:0:0:0:0:0:0:0, ::",
        "::1, ::1",
        "1::, 1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "0:0:3:4:5:6:0:0, ::3:4:5:6:0:0",
        "1:0:0:4:5:0:0:0, 1:0:0:4:5::",
    })
    void anIpv6AddressIsWrittenAsRfc5952Asks(String text, String canonical) {
        assertThat(address(text)).hasToString(canonical + "/128").isEqualTo(cidr(text + "/128"));
    }

    @ParameterizedTest
    @CsvSource({
        "::ffff:10.20.3.4, 10.20.3.4/32",
        "::FFFF:a14:304, 10.20.3.4/32",
        "0:0:0:0:0:ffff:a9fe:a9fe, 169.254.169.254/32",
        "::fffe:a14:304, ::fffe:a14:304/128",
        "::a14:304, ::a14:304/128",
        "1::ffff:a14:304, 1::ffff:a14:304/128",
    })
    void anIpv4AddressInAnIpv6SocketIsThatIpv4Address(String text, String network) {
        assertThat(address(text)).hasToString(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "10.0.0.0/8 ",
                " 10.0.0.0/8",
                "10.0.0.0/8\n",
                "10.0.0.0 /8",
                "10.0.0/8",
                "10.0.0.0.0/8",
                "10..0.0/8",
                ".10.0.0/8",
                "10.0.0./8",
                "256.0.0.0/8",
                "010.0.0.0/8",
                "0x0a.0.0.0/8",
                "1e1.0.0.0/8",
                "١٠.0.0.0/8",
                "10.0.0.0/٨",
                "10.0.0.0/99999999999",
                "localhost/8",
                "10.0.0.0\u0000/8",
                "fd00::/129",
                "fd00:/8",
                ":fd00::/8",
                "::fd00:/8",
                ":::/8",
                "1::2::3/8",
                "1:2:3:4:5:6:7/8",
                "1:2:3:4:5:6:7:8:9/8",
                "1:2:3:4:5:6:7:8::/8",
                "::1:2:3:4:5:6:7:8/8",
                "12345::/8",
                "g::/8",
                "fe80::1%eth0/64",
                "[::1]/128",
                "::ffff:10.0.0.0/104",
                "::-1/8",
                ":/8",
                "*/8",
            })
    void whatIsNoNetworkIsNotRead(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
        assertThat(Cidr.isBlock(text)).isFalse();
        assertThat(Cidr.address(text))
                .isEqualTo(text.equals("10.0.0.0") ? Cidr.parse("10.0.0.0/32") : Cidr.address("no"));
    }

    @Test
    void aHugeTextIsRefusedLikeAnyOther() {
        for (String part : List.of("1", ".", ":", "::", "1:", "1.", "/")) {
            assertThat(Cidr.parse(part.repeat(100_000) + "/8")).isEmpty();
            assertThat(Cidr.address(part.repeat(100_000))).isEmpty();
        }
        assertThat(Cidr.parse("10.0.0.0/" + "0".repeat(100_000) + "8")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255/32, true",
        "10.0.0.0/8, 11.0.0.0/32, false",
        "10.0.0.0/8, 10.0.0.0/8, true",
        "10.0.0.0/9, 10.0.0.0/8, false",
        "0.0.0.0/0, 255.255.255.255/32, true",
        "0.0.0.0/0, ::/0, false",
        "::/0, 0.0.0.0/0, false",
        "::/0, ffff::/16, true",
        "fd00::/8, fdff:ffff::1/128, true",
        "fd00::/8, fe00::1/128, false",
    })
    void aNetworkContainsThoseWithinIt(String wide, String narrow, boolean expected) {
        assertThat(cidr(wide).contains(cidr(narrow))).isEqualTo(expected);
    }

    @Test
    void anAddressLiesInANetworkIfItsFirstBitsAreThose() {
        Random random = new Random(20_260_411);
        for (int i = 0; i < 20_000; i++) {
            int network = random.nextInt();
            int prefix = random.nextInt(33);
            int asked = random.nextBoolean() ? random.nextInt() : network ^ 1 << random.nextInt(32);
            int mask = prefix == 0 ? 0 : -1 << 32 - prefix;
            Cidr block = cidr(text(network) + "/" + prefix);

            assertThat(block.contains(address(text(asked))))
                    .as("%s and %s", block, text(asked))
                    .isEqualTo((network & mask) == (asked & mask));
            assertThat(block).hasToString(text(network & mask) + "/" + prefix);
            assertThat(Cidr.isBlock(text(network) + "/" + prefix)).isEqualTo((network & mask) == network);
            int wider = random.nextInt(33);
            assertThat(block.widened(wider)).isEqualTo(cidr(text(network & mask) + "/" + Math.min(wider, prefix)));
        }
    }

    private static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        Random random = new Random(20_260_412);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int group = 0; group < 8; group++) {
                text.append(group == 0 ? "" : ":")
                        .append(Integer.toHexString(random.nextBoolean() ? 0 : random.nextInt(0x10000)));
            }
            Cidr block = cidr(text + "/" + random.nextInt(129));

            assertThat(cidr(block.toString())).isEqualTo(block);
            assertThat(Cidr.isBlock(block.toString())).isTrue();
            assertThat(block.toString()).doesNotContain(":::");
        }
    }

    @Test
    void networksAreInOrderOfFamilyAddressAndPrefix() {
        List<Cidr> ordered = Stream.of(
                        "0.0.0.0/0",
                        "9.0.0.0/8",
                        "10.0.0.0/8",
                        "10.0.0.0/16",
                        "10.0.0.1/32",
                        "200.0.0.0/8",
                        "::/0",
                        "9::/16",
                        "a::/16",
                        "fd00::/8")
                .map(CidrTest::cidr)
                .toList();
        List<Cidr> shuffled = Arrays.asList(ordered.toArray(Cidr[]::new));
        Collections.shuffle(shuffled, new Random(20_260_413));

        assertThat(shuffled.stream().sorted()).isEqualTo(ordered);
        assertThat(cidr("10.0.0.0/8")).isNotEqualTo(cidr("10.0.0.0/9")).isNotEqualTo("10.0.0.0/8");
        assertThat(cidr("0.0.0.0/0")).isNotEqualTo(cidr("::/0"));
    }
}
