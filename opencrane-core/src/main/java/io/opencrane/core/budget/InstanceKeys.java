package io.opencrane.core.budget;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.budget.ModelKeyLifecycle.Check;
import io.opencrane.core.budget.ModelKeyLifecycle.Ensured;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.TeamState;
import io.opencrane.core.settings.Settings;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys and teams of one instance at one gateway, and the tenants they belong to. */
final class InstanceKeys {
    private final Cluster cluster;
    private final TenantService tenants;
    private final @Nullable ModelGateway gateway;
    private final @Nullable ModelKeyLifecycle lifecycle;
    private final Settings settings;

    InstanceKeys(
            Cluster cluster,
            TenantService tenants,
            @Nullable ModelGateway gateway,
            Settings settings,
            InstantSource clock) {
        this.cluster = cluster;
        this.tenants = tenants;
        this.settings = settings;
        this.gateway = settings.modelGateway().enabled() ? gateway : null;
        this.lifecycle = this.gateway == null ? null : new ModelKeyLifecycle(this.gateway, clock);
    }

    Cluster cluster() {
        return cluster;
    }

    TenantService tenants() {
        return tenants;
    }

    Settings settings() {
        return settings;
    }

    ModelGateway gateway() {
        return required(gateway);
    }

    ModelKeyLifecycle lifecycle() {
        return required(lifecycle);
    }

    private <T> T required(@Nullable T part) {
        if (part == null) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    "model gateway",
                    settings.modelGateway().enabled()
                            ? "This host has no model gateway: call modelGateway(...), for example with a LiteLlmGateway."
                            : "The model gateway is not enabled; set LITELLM_ENABLED=true.");
        }
        return part;
    }

    /** A tenant that can be given a key: of one on its way out nothing new must be made. */
    Tenant alive(TenantId id) {
        Tenant tenant = tenants.get(id);
        if (tenant.metadata().isBeingDeleted()) {
            throw new OpenCraneException(
                    ErrorCode.BEING_DELETED, id.key().toString(), "It is on its way out, and its key with it.");
        }
        return tenant;
    }

    /**
     * Runs the lifecycle for a tenant that was read before. One that is gone by now, or lives elsewhere, has nobody left who would end a
     * key that was just made for it.
     */
    Ensured ensure(Tenant tenant, KeyJournal journal, long pods, Check check) {
        KeyOwner owner = owner(tenant);
        Ensured key = lifecycle().ensure(owner, journal, pods, check);
        Optional<Tenant> now = tenants.find(tenant.id());
        if (now.isEmpty() || now.get().metadata().isBeingDeleted()) {
            lifecycle().revoke(owner, journal);
            throw new OpenCraneException(
                    ErrorCode.TENANT_NOT_FOUND, tenant.key().toString(), "It was deleted meanwhile, its key with it.");
        }
        if (!isSame(tenant, now.get())) {
            // Team and Secret go by name, so what is there may be the new one's by now; its reconciler asks the
            // gateway.
            if (!Objects.equals(tenant.status().placement(), now.get().status().placement())) {
                lifecycle().revoke(owner, journal);
            }
            tenants.requestReconcile(tenant.id());
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    tenant.key().toString(),
                    "It was moved or made anew meanwhile.",
                    OpenCraneException.Retry.MAY_HELP,
                    null);
        }
        return key;
    }

    /** As {@link #ensure}, asking the gateway, for pods that are wherever they are. */
    void ensureAndRoll(Tenant tenant, KeyJournal journal) {
        long pods = cluster.podKeyRevision(tenant);
        roll(tenant, ensure(tenant, journal, pods, Check.GATEWAY), pods);
    }

    /** Whoever watches no Secrets would not roll the pods to another key. */
    void roll(Tenant tenant, Ensured key, long pods) {
        if (key.revision() != pods) {
            tenants.requestReconcile(tenant.id());
        }
    }

    private static boolean isSame(Tenant before, Tenant now) {
        return before.metadata().uid().equals(now.metadata().uid())
                && Objects.equals(before.status().placement(), now.status().placement());
    }

    KeyOwner owner(Tenant tenant) {
        return KeyOwner.of(tenant, settings, instanceId());
    }

    /** What every team and key of this instance says. */
    Map<String, String> metadata() {
        return KeyOwner.metadataOf(instanceId());
    }

    private String instanceId() {
        return settings.instanceId().orElseGet(cluster::installUid);
    }

    /** Two tenants may come to one team id; a team whose metadata names another is not this one's. */
    Optional<TeamState> team(KeyOwner owner) {
        Optional<TeamState> team = gateway().findTeam(owner.teamId());
        if (team.isPresent() && !owner.made(team.get().metadata())) {
            throw new OpenCraneException(
                    ErrorCode.NAME_TAKEN,
                    "Team " + owner.teamId(),
                    "It belongs to somebody else at the gateway; rename one of the two tenants.");
        }
        return team;
    }
}
