package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;

/**
 * What a customer may use.
 *
 * @param quota the limits in its bound namespace
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClusterTenantResources(
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        Quota quota) implements MaybeEmpty {
    /** No limits. */
    public static final ClusterTenantResources NONE = new ClusterTenantResources(Quota.NONE);

    /** An absent quota is none. */
    public ClusterTenantResources {
        quota = Absent.or(quota, Quota.NONE);
    }

    @Override
    public boolean isEmpty() {
        return quota.isEmpty();
    }
}
