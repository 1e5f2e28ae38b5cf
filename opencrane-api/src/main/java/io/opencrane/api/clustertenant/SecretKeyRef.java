package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;

/**
 * One key of a Secret: where a credential is, never what it is.
 *
 * @param namespace the namespace of the Secret
 * @param name its name
 * @param key the key within it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SecretKeyRef(String namespace, String name, String key) {
    /** The key of a kubeconfig where a provisioner names none. */
    public static final String DEFAULT_KUBECONFIG_KEY = "kubeconfig";

    /** What is absent becomes empty. */
    public SecretKeyRef {
        namespace = Absent.asEmpty(namespace);
        name = Absent.asEmpty(name);
        key = Absent.asEmpty(key);
    }
}
