package io.opencrane.core.settings;

import java.util.Arrays;

/** Reads CIDR blocks without asking a resolver, as {@code java.net.InetAddress} would for anything it takes for a name. */
final class Cidr {
    private Cidr() {}

    /** Whether a text is a network address and a prefix length, with no bit set behind the prefix. */
    static boolean isBlock(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9]\\d{0,2}")) {
            return false;
        }
        String address = text.substring(0, slash);
        int[] bytes = address.indexOf(':') < 0 ? v4(address) : v6(address);
        int prefix = Integer.parseInt(text.substring(slash + 1));
        return bytes.length > 0 && prefix <= bytes.length * 8 && hostBitsAreZero(bytes, prefix);
    }

    private static boolean hostBitsAreZero(int[] bytes, int prefix) {
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int[] v4(String text) {
        String[] parts = text.split("\\.", -1);
        boolean wellFormed = parts.length == 4
                && Arrays.stream(parts)
                        .allMatch(part -> part.matches("0|[1-9]\\d{0,2}") && Integer.parseInt(part) < 256);
        return wellFormed ? Arrays.stream(parts).mapToInt(Integer::parseInt).toArray() : new int[0];
    }

    private static int[] v6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return new int[0];
        }
        String[] head = groups(gap < 0 ? text : text.substring(0, gap));
        String[] tail = groups(gap < 0 ? "" : text.substring(gap + 2));
        int given = head.length + tail.length;
        boolean wellFormed = (gap < 0 ? given == 8 : given < 8)
                && Arrays.stream(head).allMatch(Cidr::isGroup)
                && Arrays.stream(tail).allMatch(Cidr::isGroup);
        if (!wellFormed) {
            return new int[0];
        }
        int[] bytes = new int[16];
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

    private static void fill(int[] bytes, int start, String[] groups) {
        int at = start;
        for (String group : groups) {
            int value = Integer.parseInt(group, 16);
            bytes[at++] = value >> 8;
            bytes[at++] = value & 0xff;
        }
    }
}
