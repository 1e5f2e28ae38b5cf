package io.opencrane.api.skill;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * Where skills are stored.
 *
 * @param type an OCI registry when absent
 * @param repository the repository or directory, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SkillBackend(SkillBackendType type, @Nullable String repository) implements MaybeEmpty {
    /** What an absent object means. */
    public static final SkillBackend DEFAULT = new SkillBackend(SkillBackendType.OCI, null);

    /** An absent type is OCI. */
    public SkillBackend {
        type = Absent.or(type, SkillBackendType.OCI);
    }

    @Override
    public boolean isEmpty() {
        return equals(DEFAULT);
    }
}
