package io.opencrane.api.skill;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * How skills are offered.
 *
 * @param enabled whether they are; true when absent
 * @param audience the audience of tokens it takes; {@code skill-registry} when absent
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SkillCatalog(boolean enabled, String audience) implements MaybeEmpty {
    private static final String DEFAULT_AUDIENCE = "skill-registry";

    /** What an absent object means. */
    public static final SkillCatalog DEFAULT = new SkillCatalog(true, DEFAULT_AUDIENCE);

    @JsonCreator
    static SkillCatalog read(
            @JsonProperty("enabled") @Nullable Boolean enabled, @JsonProperty("audience") @Nullable String audience) {
        return new SkillCatalog(Absent.or(enabled, true), Absent.or(audience, DEFAULT_AUDIENCE));
    }

    @Override
    public boolean isEmpty() {
        return equals(DEFAULT);
    }
}
