package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A policy in a list.
 *
 * @param namespace its namespace
 * @param name its name
 * @param description for people, or null
 * @param defaultDeny whether domain names that it does not list are denied
 * @param createdAt when it was created
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessPolicySummary(
        String namespace,
        String name,
        @Nullable String description,
        boolean defaultDeny,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant createdAt) {}
