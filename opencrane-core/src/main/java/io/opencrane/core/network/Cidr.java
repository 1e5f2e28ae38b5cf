package io.opencrane.core.network;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A network: an address and how many of its leading bits count. IPv4 or IPv6, in its shortest form, without a bit behind the prefix.
 * Read without asking a resolver, as {@code java.net.InetAddress} would for anything it takes for a name. Immutable; ordered by family,
 * address and prefix.
 */
public final class Cidr implements Comparable<Cidr> {
    private static final byte[] NONE = new byte[0];

    /** What stands before an IPv4 address that is written as one of IPv6 (RFC 4291). */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private static final String MAPPED_TEXT = "::ffff:";

    private final byte[] address;
    private final int prefix;

    private Cidr(byte[] address, int prefix) {
        this.address = address;
        this.prefix = prefix;
    }

    /**
     * Reads a network. Bits behind the prefix are dropped, as the API server does not mind them either.
     *
     * @param text for example {@code 10.20.0.0/16} or {@code fd00::/8}
     * @return the network, or empty if the text is none
     */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9]\\d{0,2}")) {
            return Optional.empty();
        }
        byte[] bytes = bytes(text.substring(0, slash));
        int prefix = Integer.parseInt(text.substring(slash + 1));
        return bytes.length > 0 && prefix <= bytes.length * 8
                ? Optional.of(new Cidr(masked(bytes, prefix), prefix))
                : Optional.empty();
    }

    /**
     * Reads an address as the network that has nothing else in it. An IPv4 address that a program with IPv6 sockets writes as
     * {@code ::ffff:10.20.0.7} is that IPv4 address, because that is what is connected to.
     *
     * @param text for example {@code 10.20.0.7}
     * @return the network, or empty if the text is no address
     */
    public static Optional<Cidr> address(String text) {
        byte[] bytes = unmapped(text);
        return bytes.length > 0 ? Optional.of(new Cidr(bytes, bytes.length * 8)) : Optional.empty();
    }

    /**
     * Whether a text is a network with no bit set behind the prefix.
     *
     * @param text any
     * @return true if it is
     */
    public static boolean isBlock(String text) {
        return parse(text)
                .filter(block -> Arrays.equals(block.address, bytes(text.substring(0, text.indexOf('/')))))
                .isPresent();
    }

    /**
     * Whether another network lies within this one.
     *
     * @param other of either family
     * @return true if it does, or is the same
     */
    public boolean contains(Cidr other) {
        return address.length == other.address.length
                && prefix <= other.prefix
                && Arrays.equals(address, masked(other.address, prefix));
    }

    /**
     * How many of the leading bits count.
     *
     * @return 0 to 32, or to 128 for IPv6
     */
    public int prefix() {
        return prefix;
    }

    /**
     * The wider network that this one lies in.
     *
     * @param bits how many of its leading bits count; more than this one's give this one
     * @return the network
     */
    public Cidr widened(int bits) {
        return new Cidr(masked(address, Math.min(bits, prefix)), Math.min(bits, prefix));
    }

    /**
     * Whether it is of IPv6.
     *
     * @return false for IPv4
     */
    public boolean isV6() {
        return address.length == 16;
    }

    @Override
    public int compareTo(Cidr other) {
        int byAddress = address.length == other.address.length
                ? Arrays.compareUnsigned(address, other.address)
                : Integer.compare(address.length, other.address.length);
        return byAddress == 0 ? Integer.compare(prefix, other.prefix) : byAddress;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cidr that && prefix == that.prefix && Arrays.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(address) + prefix;
    }

    /**
     * The network as Kubernetes writes it.
     *
     * @return for example {@code 10.20.0.0/16}
     */
    @Override
    public String toString() {
        return (isV6() ? V6Text.of(address) : v4Text()) + "/" + prefix;
    }

    private String v4Text() {
        return IntStream.range(0, address.length)
                .mapToObj(i -> Integer.toString(address[i] & 0xff))
                .collect(Collectors.joining("."));
    }

    private static byte[] masked(byte[] bytes, int prefix) {
        byte[] network = bytes.clone();
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            network[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return network;
    }

    private static byte[] unmapped(String text) {
        int start = MAPPED_TEXT.length();
        if (text.regionMatches(true, 0, MAPPED_TEXT, 0, start) && text.indexOf('.') > 0) {
            return v4(text.substring(start));
        }
        byte[] bytes = bytes(text);
        boolean isMapped = bytes.length == 16 && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return isMapped ? Arrays.copyOfRange(bytes, MAPPED.length, bytes.length) : bytes;
    }

    private static byte[] bytes(String address) {
        return address.indexOf(':') < 0 ? v4(address) : v6(address);
    }

    private static byte[] v4(String text) {
        String[] parts = text.split("\\.", -1);
        boolean wellFormed = parts.length == 4
                && Arrays.stream(parts)
                        .allMatch(part -> part.matches("0|[1-9]\\d{0,2}") && Integer.parseInt(part) < 256);
        if (!wellFormed) {
            return NONE;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static byte[] v6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return NONE;
        }
        String[] head = groups(gap < 0 ? text : text.substring(0, gap));
        String[] tail = groups(gap < 0 ? "" : text.substring(gap + 2));
        int given = head.length + tail.length;
        boolean wellFormed = (gap < 0 ? given == 8 : given < 8)
                && Arrays.stream(head).allMatch(Cidr::isGroup)
                && Arrays.stream(tail).allMatch(Cidr::isGroup);
        if (!wellFormed) {
            return NONE;
        }
        byte[] bytes = new byte[16];
        fill(bytes, 0, head);
        fill(bytes, 16 - 2 * tail.length, tail);
        return bytes;
    }

    private static String[] groups(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    private static boolean isGroup(String text) {
        return text.matches("[0-9A-Fa-f]{1,4}");
    }

    private static void fill(byte[] bytes, int start, String[] groups) {
        int at = start;
        for (String group : groups) {
            int value = Integer.parseInt(group, 16);
            bytes[at++] = (byte) (value >> 8);
            bytes[at++] = (byte) value;
        }
    }
}
