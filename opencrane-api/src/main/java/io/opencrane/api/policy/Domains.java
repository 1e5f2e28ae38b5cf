package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Domain names; deny beats allow. A {@code *} stands for any characters within one label, as Cilium reads it, so {@code *.example.com} are
 * the names one level below and no deeper; alone it stands for every name.
 *
 * @param allow names allowed
 * @param deny names denied
 * @param defaultDeny whether names in neither list are denied; true when absent
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Domains(List<String> allow, List<String> deny, boolean defaultDeny) implements MaybeEmpty {
    /** What an absent object means: nothing allowed, the rest denied. */
    public static final Domains DEFAULT = new Domains(List.of(), List.of(), true);

    /** Copies the lists. */
    public Domains {
        allow = Absent.asEmpty(allow);
        deny = Absent.asEmpty(deny);
    }

    @JsonCreator
    static Domains read(
            @JsonProperty("allow") @Nullable List<String> allow,
            @JsonProperty("deny") @Nullable List<String> deny,
            @JsonProperty("defaultDeny") @Nullable Boolean defaultDeny) {
        return new Domains(Absent.asEmpty(allow), Absent.asEmpty(deny), Absent.or(defaultDeny, true));
    }

    @Override
    public boolean isEmpty() {
        return equals(DEFAULT);
    }
}
