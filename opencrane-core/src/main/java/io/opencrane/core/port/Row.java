package io.opencrane.core.port;

import io.opencrane.api.resource.ResourceKey;
import java.time.Instant;

/** What the rows of every kind have: whose they are, and how old what they say is (DECISIONS 39). */
public interface Row {
    /**
     * Whose row it is.
     *
     * @return the key of the custom resource
     */
    ResourceKey key();

    /**
     * The custom resource's uid.
     *
     * @return the uid, which no later resource of the name has
     */
    String uid();

    /**
     * The version that the row was made from.
     *
     * @return an unsigned number
     */
    String resourceVersion();

    /**
     * When the custom resource was created.
     *
     * @return the time
     */
    Instant createdAt();
}
