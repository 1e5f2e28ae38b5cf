package io.opencrane.api.skill;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where skills are stored. */
public enum SkillBackendType {
    /** An OCI registry. */
    @JsonProperty("oci")
    OCI,
    /** An OCI registry, by ORAS artifacts. */
    @JsonProperty("oras")
    ORAS,
    /** A directory. */
    @JsonProperty("filesystem")
    FILESYSTEM
}
