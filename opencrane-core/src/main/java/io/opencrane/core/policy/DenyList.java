package io.opencrane.core.policy;

import io.opencrane.core.policy.EgressPlan.NameDenial;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a policy's denies do to an allowed name. */
final class DenyList {
    private final List<NameDenial> all;
    private final List<NameDenial> wildcards;
    private final Map<NamePattern, NameDenial> byPattern = new HashMap<>();

    DenyList(List<NameDenial> denials) {
        all = denials;
        wildcards =
                denials.stream().filter(denial -> denial.pattern().isWildcard()).toList();
        denials.forEach(denial -> byPattern.putIfAbsent(denial.pattern(), denial));
    }

    /** The first deny that takes a pattern away whole; or null. */
    @Nullable
    NameDenial covering(NamePattern allowed) {
        NameDenial same = byPattern.get(allowed);
        return same != null ? same : first(wildcards, denial -> denial.pattern().covers(allowed));
    }

    /** The first deny that takes away a part of what a pattern stands for, or all of it; or null. */
    @Nullable
    NameDenial touching(NamePattern allowed) {
        return allowed.isWildcard() ? first(all, denial -> denial.pattern().intersects(allowed)) : covering(allowed);
    }

    private static @Nullable NameDenial first(List<NameDenial> denials, Predicate<NameDenial> wanted) {
        for (NameDenial denial : denials) {
            if (wanted.test(denial)) {
                return denial;
            }
        }
        return null;
    }
}
