package io.opencrane.api.skill;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * How skills are brought in from elsewhere.
 *
 * @param enabled whether they are; false when absent
 * @param intervalSeconds seconds between runs, at least 60, or null
 * @param sourceRef where from, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SkillSync(
        boolean enabled,
        @Nullable Integer intervalSeconds,
        @Nullable String sourceRef) implements MaybeEmpty {
    /** What an absent object means: no synchronisation. */
    public static final SkillSync OFF = new SkillSync(false, null, null);

    @Override
    public boolean isEmpty() {
        return equals(OFF);
    }
}
