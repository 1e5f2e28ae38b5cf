package io.opencrane.core.settings;

/**
 * How tenants are reached from outside.
 *
 * @param domain {@code INGRESS_DOMAIN}: a tenant without a customer of its own answers at {@code <tenant>.<domain>}
 * @param tlsEnabled {@code INGRESS_TLS_ENABLED}
 * @param tlsSecretName {@code INGRESS_TLS_SECRET_NAME}, the Secret with the wildcard certificate
 */
public record IngressSettings(String domain, boolean tlsEnabled, String tlsSecretName) {}
