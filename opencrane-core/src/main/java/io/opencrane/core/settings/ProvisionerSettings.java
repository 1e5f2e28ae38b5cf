package io.opencrane.core.settings;

import io.opencrane.api.resource.SecretText;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The external provisioner of dedicated clusters.
 *
 * @param webhookUrl {@code CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL}: https, or http on a loopback address; without a trailing slash
 * @param webhookToken {@code CLUSTER_TENANT_PROVISIONER_WEBHOOK_TOKEN}, sent as bearer token; null sends none
 * @param id {@code CLUSTER_TENANT_PROVISIONER_WEBHOOK_ID}, recorded in a ClusterTenant's status
 */
public record ProvisionerSettings(URI webhookUrl, @Nullable SecretText webhookToken, String id) {}
