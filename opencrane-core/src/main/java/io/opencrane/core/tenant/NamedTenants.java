package io.opencrane.core.tenant;

import io.opencrane.api.tenant.TenantId;
import java.util.List;
import java.util.stream.Collectors;

/** Names tenants in a sentence for people, however many they are. Pure. */
public final class NamedTenants {
    private static final int MOST_NAMED = 10;

    private NamedTenants() {}

    /**
     * Names the first ten, and says how many more there are.
     *
     * @param tenants at least one tenant
     * @return for example {@code a/one, a/two and 7 more}
     */
    public static String of(List<TenantId> tenants) {
        String names =
                tenants.stream().limit(MOST_NAMED).map(TenantId::toString).collect(Collectors.joining(", "));
        return tenants.size() > MOST_NAMED ? names + " and " + (tenants.size() - MOST_NAMED) + " more" : names;
    }
}
