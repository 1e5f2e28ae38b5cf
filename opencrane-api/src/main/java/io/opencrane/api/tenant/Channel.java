package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * A messaging channel of an assistant.
 *
 * @param adapter the channel's kind, for example {@code slack}
 * @param config settings of the adapter
 * @param credentialsSecretName the Secret with its credentials, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Channel(
        String adapter,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        FreeForm config,

        @Nullable String credentialsSecretName) {
    /** What is absent becomes empty. */
    public Channel {
        adapter = Absent.asEmpty(adapter);
        config = Absent.or(config, FreeForm.empty());
    }
}
