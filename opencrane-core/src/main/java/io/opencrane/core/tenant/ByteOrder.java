package io.opencrane.core.tenant;

import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.tenant.TenantId;
import java.util.Comparator;

/**
 * The order of lists, cursors and drift: the text {@code namespace/name} in the order of its UTF-8 bytes (DECISIONS 36), which is the
 * order of etcd and of {@code COLLATE "C"}, and not that of namespaces and then names: {@code a-b/} sorts before {@code a/}. Pure.
 */
public final class ByteOrder {
    /** Tenants in byte order of {@code namespace/name}. */
    public static final Comparator<TenantId> OF_IDS = ByteOrder::compare;

    /** Namespaces in the order in which their tenants come. */
    public static final Comparator<String> OF_NAMESPACES = (a, b) -> compareTexts(a + "/", b + "/");

    private ByteOrder() {}

    /**
     * Compares two tenants without making a text of either: drift does it once for each of a million.
     *
     * @param a one tenant
     * @param b another
     * @return negative, zero or positive as {@code a} comes before, with or after {@code b}
     */
    public static int compare(TenantId a, TenantId b) {
        return compare(a.namespace(), a.name(), b.namespace(), b.name());
    }

    /**
     * Compares two objects of one kind in the same way.
     *
     * @param a one object
     * @param b another
     * @return negative, zero or positive as {@code a} comes before, with or after {@code b}
     */
    public static int compare(ResourceKey a, ResourceKey b) {
        return compare(a.namespace(), a.name(), b.namespace(), b.name());
    }

    private static int compare(String namespaceA, String nameA, String namespaceB, String nameB) {
        if (namespaceA.equals(namespaceB)) {
            return compareTexts(nameA, nameB);
        }
        int shorter = Math.min(namespaceA.length(), namespaceB.length());
        for (int i = 0; i < shorter; i++) {
            char ca = namespaceA.charAt(i);
            char cb = namespaceB.charAt(i);
            if (ca != cb) {
                return compareUnits(ca, cb);
            }
        }
        return compareTexts(namespaceA + "/" + nameA, namespaceB + "/" + nameB);
    }

    /**
     * Compares two texts by the bytes of their UTF-8.
     *
     * @param a a text
     * @param b another
     * @return negative, zero or positive as {@code a} comes before, with or after {@code b}
     */
    public static int compareTexts(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char ca = a.charAt(i);
            char cb = b.charAt(i);
            if (ca != cb) {
                return compareUnits(ca, cb);
            }
        }
        return a.length() - b.length();
    }

    /** UTF-16 puts surrogates, which are the highest code points, below U+E000 to U+FFFF; UTF-8 does not. */
    private static int compareUnits(char a, char b) {
        return rank(a) - rank(b);
    }

    private static int rank(char unit) {
        return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
    }
}
