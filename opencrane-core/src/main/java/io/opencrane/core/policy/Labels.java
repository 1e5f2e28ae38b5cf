package io.opencrane.core.policy;

/** Compares name patterns label by label, without taking them apart: it is asked millions of times for a large policy. */
final class Labels {
    private Labels() {}

    /** A stretch of one pattern against a stretch of another. Ends are exclusive. */
    @FunctionalInterface
    interface Relation {
        boolean holds(String a, int aStart, int aEnd, String b, int bStart, int bEnd);
    }

    /** Whether both have as many labels, and the relation holds for each pair. */
    static boolean all(String a, String b, Relation relation) {
        int aStart = 0;
        int bStart = 0;
        while (true) {
            int aEnd = end(a, aStart);
            int bEnd = end(b, bStart);
            if (!relation.holds(a, aStart, aEnd, b, bStart, bEnd)) {
                return false;
            }
            if (aEnd == a.length() || bEnd == b.length()) {
                return aEnd == a.length() && bEnd == b.length();
            }
            aStart = aEnd + 1;
            bStart = bEnd + 1;
        }
    }

    private static int end(String text, int start) {
        int dot = text.indexOf('.', start);
        return dot < 0 ? text.length() : dot;
    }

    /**
     * Whether a label stands for all that another stands for. The other's stars are taken for characters that occur nowhere: what matches
     * them can only be a star, which then matches all that they stand for. What stands behind the last star is
     * compared first, as it tells most labels apart.
     */
    static boolean covers(String wide, int wideStart, int wideEnd, String narrow, int narrowStart, int narrowEnd) {
        int tail = 0;
        while (wideEnd - tail > wideStart && wide.charAt(wideEnd - tail - 1) != '*') {
            tail++;
        }
        return tail <= narrowEnd - narrowStart
                && wide.regionMatches(wideEnd - tail, narrow, narrowEnd - tail, tail)
                && coversStart(wide, wideStart, wideEnd - tail, narrow, narrowStart, narrowEnd - tail);
    }

    /** On a mismatch only the last star takes more, so there is no going back further. */
    private static boolean coversStart(
            String wide, int wideStart, int wideEnd, String narrow, int narrowStart, int narrowEnd) {
        int at = wideStart;
        int star = -1;
        int taken = narrowStart;
        int next = narrowStart;
        while (next < narrowEnd) {
            if (at < wideEnd && wide.charAt(at) == '*') {
                star = at++;
                taken = next;
            } else if (at < wideEnd && wide.charAt(at) == narrow.charAt(next)) {
                at++;
                next++;
            } else if (star >= 0) {
                at = star + 1;
                next = ++taken;
            } else {
                return false;
            }
        }
        while (at < wideEnd && wide.charAt(at) == '*') {
            at++;
        }
        return at == wideEnd;
    }

    /**
     * Whether two labels have a text in common. If both have a star, only what stands before the first and behind the last star of each can
     * contradict: between, the one's stars take in all of the other.
     */
    static boolean intersect(String a, int aStart, int aEnd, String b, int bStart, int bEnd) {
        if (!hasStar(b, bStart, bEnd)) {
            return covers(a, aStart, aEnd, b, bStart, bEnd);
        }
        if (!hasStar(a, aStart, aEnd)) {
            return covers(b, bStart, bEnd, a, aStart, aEnd);
        }
        int head = 0;
        while (a.charAt(aStart + head) != '*' && b.charAt(bStart + head) != '*') {
            if (a.charAt(aStart + head) != b.charAt(bStart + head)) {
                return false;
            }
            head++;
        }
        int tail = 1;
        while (a.charAt(aEnd - tail) != '*' && b.charAt(bEnd - tail) != '*') {
            if (a.charAt(aEnd - tail) != b.charAt(bEnd - tail)) {
                return false;
            }
            tail++;
        }
        return true;
    }

    private static boolean hasStar(String text, int start, int end) {
        int star = text.indexOf('*', start);
        return star >= 0 && star < end;
    }
}
