package io.opencrane.testkit.provisioner;

import io.opencrane.api.resource.FreeForm;
import java.util.Objects;

/**
 * A request that {@link FakeProvisionerBackend} got.
 *
 * @param route the path below the backend's URL, for example {@code provision}
 * @param body the JSON object of its body; empty if it was none
 */
public record BackendRequest(String route, FreeForm body) {
    /** Refuses missing parts. */
    public BackendRequest {
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(body, "body");
    }
}
