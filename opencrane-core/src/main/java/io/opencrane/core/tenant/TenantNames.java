package io.opencrane.core.tenant;

import io.opencrane.api.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The names derived from a tenant's (contract §3, DECISIONS 10, 31). Pure; nothing here says whether such an object exists or whose it
 * is.
 *
 * @param tenant the tenant's name
 */
public record TenantNames(String tenant) {
    /** The longest name of a tenant: its Service {@code openclaw-<name>} ends at 63. */
    public static final int MAX_LENGTH = 54;

    /** The longest name under Google Cloud: its service account {@code openclaw-<name>} ends at 30. */
    public static final int MAX_LENGTH_GCP = 21;

    /** The longest team id at the model gateway. */
    public static final int MAX_TEAM_ID = 255;

    private static final String PREFIX = "openclaw-";
    private static final int HASH_DIGITS = 16;

    /** Refuses a missing name. */
    public TenantNames {
        Objects.requireNonNull(tenant, "tenant");
    }

    /**
     * The names of a tenant's children.
     *
     * @param id the tenant
     * @return its names
     */
    public static TenantNames of(TenantId id) {
        return new TenantNames(id.name());
    }

    /**
     * Its Deployment, Service, Ingress and ServiceAccount, which share one name.
     *
     * @return {@code openclaw-<name>}
     */
    public String workload() {
        return PREFIX + tenant;
    }

    /**
     * The Secret with its encryption key.
     *
     * @return {@code openclaw-<name>-encryption-key}
     */
    public String encryptionKeySecret() {
        return workload() + "-encryption-key";
    }

    /**
     * The Secret with its model key.
     *
     * @return {@code openclaw-<name>-litellm-key}
     */
    public String modelKeySecret() {
        return workload() + "-litellm-key";
    }

    /**
     * The optional Secret with its OpenAI key, made by people.
     *
     * @return {@code openclaw-<name>-openai-key}
     */
    public String openAiKeySecret() {
        return workload() + "-openai-key";
    }

    /**
     * The ConfigMap with its configuration.
     *
     * @return {@code openclaw-<name>-config}
     */
    public String configMap() {
        return workload() + "-config";
    }

    /**
     * The PersistentVolumeClaim with its state.
     *
     * @return {@code openclaw-<name>-state}
     */
    public String stateVolume() {
        return workload() + "-state";
    }

    /**
     * Its host.
     *
     * @param domain the ingress domain or the customer's base domain
     * @return {@code <name>.<domain>}
     */
    public String host(String domain) {
        return tenant + "." + domain;
    }

    /**
     * Its bucket.
     *
     * @param prefix {@code GCP_BUCKET_PREFIX}
     * @return {@code <prefix>-<name>}
     */
    public String bucket(String prefix) {
        return prefix + "-" + tenant;
    }

    /**
     * Its team at the model gateway: by name, so that a tenant that is made anew does not get a new budget. Not reversible, and in an
     * instance over several namespaces not unique: {@code a-b}/{@code c} and {@code a}/{@code b-c} share one id, so whoever writes to a
     * team first checks in its metadata whose it is.
     *
     * @param instanceId tells instances on one gateway apart
     * @param id the tenant
     * @return {@code oc-<instanceId>-<namespace>-<name>}; beyond {@value #MAX_TEAM_ID} characters the tail is a hash of the whole
     */
    public static String teamId(String instanceId, TenantId id) {
        String whole = "oc-" + instanceId + "-" + id.namespace() + "-" + id.name();
        if (whole.length() <= MAX_TEAM_ID) {
            return whole;
        }
        return whole.substring(0, MAX_TEAM_ID - HASH_DIGITS - 1) + "-" + hash(whole);
    }

    /**
     * The alias of one of its model keys. Two keys that live side by side during a rotation need two.
     *
     * @param teamId its team
     * @param revision counts its keys
     * @return {@code <teamId>/<revision>}
     */
    public static String keyAlias(String teamId, long revision) {
        return teamId + "/" + revision;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
