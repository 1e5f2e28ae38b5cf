package io.opencrane.api.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant wants to connect to: a name, an address, or a name and the address it resolved to. Nothing is resolved here.
 *
 * @param name a domain name in lower case without a trailing dot, or null
 * @param address an IPv4 or IPv6 address, or null; only its characters are looked at here, whoever decides reads it
 */
public record Destination(@Nullable String name, @Nullable String address) {
    private static final int LONGEST_NAME = 253;

    /**
     * Refuses a destination without name and address; brings the name into lower case and takes its trailing dot away.
     *
     * @throws IllegalArgumentException in one sentence that says what to do
     */
    public Destination {
        if (name == null && address == null) {
            throw new IllegalArgumentException("A destination has a name, an address or both.");
        }
        name = name == null ? null : checkedName(name);
        address = address == null ? null : checkedAddress(address);
    }

    /**
     * A destination of which the name is known.
     *
     * @param name a domain name, for example {@code api.github.com}; of a service in the cluster {@code service.namespace} or
     *     {@code service.namespace.svc.cluster.local}
     * @return the destination
     * @throws IllegalArgumentException if it is none
     */
    public static Destination name(String name) {
        return new Destination(name, null);
    }

    /**
     * A destination of which the address is known.
     *
     * @param address an IPv4 or IPv6 address, without brackets, zone or prefix length
     * @return the destination
     * @throws IllegalArgumentException if it has other characters than addresses have
     */
    public static Destination address(String address) {
        return new Destination(null, address);
    }

    /**
     * Reads what people type: an address if it has a colon, or nothing but digits and dots; otherwise a name.
     *
     * @param text a domain name or an address
     * @return the destination
     * @throws IllegalArgumentException if it is neither
     */
    public static Destination parse(String text) {
        return text.indexOf(':') >= 0 || isNumeric(text) ? address(text) : name(text);
    }

    /**
     * The same with the address that the name resolved to.
     *
     * @param resolved an IPv4 or IPv6 address
     * @return a copy
     * @throws IllegalArgumentException if it has other characters than addresses have
     */
    public Destination at(String resolved) {
        return new Destination(name, resolved);
    }

    /**
     * For messages.
     *
     * @return the name, the address, or the name with the address in parentheses
     */
    @Override
    public String toString() {
        if (name == null) {
            return String.valueOf(address);
        }
        return address == null ? name : name + " (" + address + ")";
    }

    private static String checkedName(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        boolean wellFormed = name.length() <= LONGEST_NAME
                && name.matches("[-A-Za-z0-9_.]+")
                && !isNumeric(name)
                && !name.startsWith(".")
                && !name.endsWith(".")
                && !name.contains("..");
        if (!wellFormed) {
            throw new IllegalArgumentException("Write a domain name of at most " + LONGEST_NAME
                    + " ASCII characters, without scheme, port or path; for example api.github.com.");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static String checkedAddress(String text) {
        if (!text.matches("[0-9A-Fa-f.:]{1,45}")) {
            throw new IllegalArgumentException(
                    "Write an IPv4 or IPv6 address without port, brackets or prefix length; for example 10.0.0.7.");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isNumeric(String text) {
        return text.matches("[0-9][0-9.]*");
    }
}
