package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;

/**
 * Where a tenant's children are.
 *
 * @param cluster empty for the home cluster
 * @param namespace the namespace
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Placement(String cluster, String namespace) {
    /** What is absent becomes empty. */
    public Placement {
        cluster = Absent.asEmpty(cluster);
        namespace = Absent.asEmpty(namespace);
    }
}
