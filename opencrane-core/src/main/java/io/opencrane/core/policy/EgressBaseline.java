package io.opencrane.core.policy;

import io.opencrane.core.network.Cidr;
import io.opencrane.core.settings.Settings;
import java.util.List;

/**
 * What every tenant may reach, whatever its policy says: DNS anywhere, the control plane's namespace without tenants' pods, and the networks of
 * {@code OPENCRANE_EGRESS_BASELINE} but for the metadata addresses in them. Everything else is denied. Immutable.
 *
 * @param networks the networks, in the order of the setting; one that is nothing but a metadata address opens nothing
 * @param controlPlaneNamespace the namespace of the services that every pod calls: {@code POD_NAMESPACE}
 */
public record EgressBaseline(List<Cidr> networks, String controlPlaneNamespace) {
    /** Copies the networks. */
    public EgressBaseline {
        networks = List.copyOf(networks);
    }

    /**
     * As the settings say.
     *
     * @param settings the instance's settings
     * @return the baseline
     */
    public static EgressBaseline of(Settings settings) {
        return new EgressBaseline(
                settings.tenants().egressBaseline().stream()
                        .map(text -> Cidr.parse(text).orElseThrow())
                        .toList(),
                settings.podNamespace());
    }
}
