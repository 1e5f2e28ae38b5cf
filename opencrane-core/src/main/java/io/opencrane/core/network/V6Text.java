package io.opencrane.core.network;

import java.util.ArrayList;
import java.util.List;

/** Writes IPv6 addresses in their shortest form (RFC 5952). */
final class V6Text {
    private static final int GROUPS = 8;

    private V6Text() {}

    static String of(byte[] address) {
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            groups.add(Integer.toHexString((address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff));
        }
        int start = 0;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zerosFrom(groups, i);
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        if (length < 2) {
            return String.join(":", groups);
        }
        return String.join(":", groups.subList(0, start)) + "::"
                + String.join(":", groups.subList(start + length, GROUPS));
    }

    private static int zerosFrom(List<String> groups, int start) {
        int at = start;
        while (at < GROUPS && "0".equals(groups.get(at))) {
            at++;
        }
        return at - start;
    }
}
