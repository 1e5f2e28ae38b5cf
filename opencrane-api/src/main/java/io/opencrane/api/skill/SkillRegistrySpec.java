package io.opencrane.api.skill;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * Where skills come from and how they are delivered (contract §2). Holds whatever the server holds.
 *
 * @param description for people, or null
 * @param deliveryUrl where tenants fetch skills, or null
 * @param backend where skills are stored
 * @param catalog how skills are offered
 * @param sync how skills are brought in
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SkillRegistrySpec(
        @Nullable String description,
        @Nullable String deliveryUrl,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        SkillBackend backend,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        SkillCatalog catalog,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        SkillSync sync) {
    /** What is absent becomes the default. */
    public SkillRegistrySpec {
        backend = Absent.or(backend, SkillBackend.DEFAULT);
        catalog = Absent.or(catalog, SkillCatalog.DEFAULT);
        sync = Absent.or(sync, SkillSync.OFF);
    }

    /**
     * Starts one with everything at its default.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder(
                new SkillRegistrySpec(null, null, SkillBackend.DEFAULT, SkillCatalog.DEFAULT, SkillSync.OFF));
    }

    /**
     * Starts from this one.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a spec. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private @Nullable String description;
        private @Nullable String deliveryUrl;
        private SkillBackend backend;
        private SkillCatalog catalog;
        private SkillSync sync;

        private Builder(SkillRegistrySpec start) {
            description = start.description;
            deliveryUrl = start.deliveryUrl;
            backend = start.backend;
            catalog = start.catalog;
            sync = start.sync;
        }

        /**
         * Sets description.
         *
         * @param value for people, or null
         * @return this builder
         */
        public Builder description(@Nullable String value) {
            description = value;
            return this;
        }

        /**
         * Sets deliveryUrl.
         *
         * @param value where tenants fetch skills, or null
         * @return this builder
         */
        public Builder deliveryUrl(@Nullable String value) {
            deliveryUrl = value;
            return this;
        }

        /**
         * Sets backend.
         *
         * @param value where skills are stored
         * @return this builder
         */
        public Builder backend(SkillBackend value) {
            backend = value;
            return this;
        }

        /**
         * Sets catalog.
         *
         * @param value how skills are offered
         * @return this builder
         */
        public Builder catalog(SkillCatalog value) {
            catalog = value;
            return this;
        }

        /**
         * Sets sync.
         *
         * @param value how skills are brought in
         * @return this builder
         */
        public Builder sync(SkillSync value) {
            sync = value;
            return this;
        }

        /**
         * The spec as set.
         *
         * @return a spec
         */
        public SkillRegistrySpec build() {
            return new SkillRegistrySpec(description, deliveryUrl, backend, catalog, sync);
        }
    }
}
