package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Selects tenants; labels and team must both hold.
 *
 * @param matchLabels labels a tenant must carry; empty asks for none
 * @param matchTeam the team a tenant must be of, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TenantSelector(
        Map<String, String> matchLabels, @Nullable String matchTeam) implements MaybeEmpty {
    /** Selects nothing (contract §4). */
    public static final TenantSelector NONE = new TenantSelector(Map.of(), null);

    /** Copies the labels. */
    public TenantSelector {
        matchLabels = Absent.asEmpty(matchLabels);
    }

    @Override
    public boolean isEmpty() {
        return matchLabels.isEmpty() && matchTeam == null;
    }
}
