package io.opencrane.api.policy;

import org.jspecify.annotations.Nullable;

/**
 * Where a tenant wants to connect to: a name, an address, or a name and the address it resolved to.
 *
 * @param name a domain name in lower case without a trailing dot, or null
 * @param address an IPv4 or IPv6 address, or null
 */
public record Destination(@Nullable String name, @Nullable String address) {
    /** Refuses a destination without name and address. */
    public Destination {
        if (name == null && address == null) {
            throw new IllegalArgumentException("A destination has a name, an address or both.");
        }
    }
}
