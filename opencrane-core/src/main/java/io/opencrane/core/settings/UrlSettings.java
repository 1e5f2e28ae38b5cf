package io.opencrane.core.settings;

import java.net.URI;

/**
 * The services a tenant's pod calls. The contract puts their defaults into {@code POD_NAMESPACE} and names none; ours are the service
 * names and ports of a platform install: {@code obot-gateway:8080}, {@code skill-registry:5000}, {@code opencrane-control-plane:3000}.
 *
 * @param mcpGateway {@code MCP_GATEWAY_URL}
 * @param skillRegistry {@code SKILL_REGISTRY_URL}
 * @param controlPlane {@code CONTROL_PLANE_INTERNAL_URL}
 */
public record UrlSettings(URI mcpGateway, URI skillRegistry, URI controlPlane) {}
