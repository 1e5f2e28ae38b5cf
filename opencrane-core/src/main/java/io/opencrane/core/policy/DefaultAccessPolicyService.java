package io.opencrane.core.policy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyChange;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyPatch;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicyService;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.AccessPolicySummary;
import io.opencrane.api.policy.BlastRadius;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.EgressDecision;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.api.policy.PolicyExplanation;
import io.opencrane.api.policy.PolicyFinding;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.audit.RowsBehind;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.resource.ResourceChanges;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.tenant.Findings;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Custom resource first, row and audit entry second (invariant 1). Holds no state of its own. */
final class DefaultAccessPolicyService implements AccessPolicyService {
    private static final String DELETE = "access-policy.delete";

    private final Cluster cluster;
    private final ResourceChanges<AccessPolicy> changes;
    private final RowsBehind<AccessPolicy, AccessPolicyId, PolicyRow> rows;
    private final PolicyListing listing;
    private final PolicyPreviews previews;
    private final PolicyUse use;
    private final PolicyAnswers answers;

    DefaultAccessPolicyService(
            Cluster cluster,
            TenantService tenants,
            @Nullable ProjectionStore projection,
            Settings settings,
            InstantSource clock) {
        this.cluster = cluster;
        changes = new ResourceChanges<>(
                cluster.resources(),
                AccessPolicy.class,
                "policy",
                ErrorCode.POLICY_NOT_FOUND,
                (a, b) -> comparable(a.spec()).equals(comparable(b.spec())));
        rows = new RowsBehind<>(
                new AfterChange(projection, clock), ProjectionStore::policies, AccessPolicy::id, AccessPolicyRows::row);
        NamespaceReader reader =
                new NamespaceReader(cluster, projection, settings.tenants().defaultPolicyRef(), clock);
        listing = new PolicyListing(cluster, projection, clock);
        previews = new PolicyPreviews(reader);
        use = new PolicyUse(reader);
        answers = new PolicyAnswers(tenants, reader, EgressBaseline.of(settings));
    }

    /** The model fills in the server's defaults itself; what is left is that an empty text is none. */
    private static AccessPolicySpec comparable(AccessPolicySpec spec) {
        AccessPolicySpec.Builder comparable = spec.toBuilder();
        if ("".equals(spec.description())) {
            comparable.description(null);
        }
        if ("".equals(spec.tenantSelector().matchTeam())) {
            comparable.tenantSelector(new TenantSelector(spec.tenantSelector().matchLabels(), null));
        }
        return comparable.build();
    }

    @Override
    public AccessPolicyChange create(NewAccessPolicy policy) {
        return changed(changes.createOrFind(wanted(policy)), "access-policy.create", "created");
    }

    private AccessPolicy wanted(NewAccessPolicy policy) {
        Findings.refuse("new AccessPolicy", AccessPolicyValidation.problems(policy, cluster.scope()));
        String namespace =
                Objects.requireNonNullElse(policy.namespace(), cluster.scope().home());
        ResourceMetadata metadata = ResourceMetadata.of(namespace, policy.name())
                .withAnnotations(ResourceChanges.requested(policy.createRequest()));
        return new AccessPolicy(metadata, policy.spec(), AccessPolicyStatus.empty());
    }

    @Override
    public AccessPolicy get(AccessPolicyId id) {
        cluster.scope().require(id.namespace());
        return changes.get(id.key());
    }

    @Override
    public Optional<AccessPolicy> find(AccessPolicyId id) {
        cluster.scope().require(id.namespace());
        return changes.find(id.key());
    }

    @Override
    public Page<AccessPolicySummary> list(AccessPolicyQuery query) {
        return listing.page(query);
    }

    @Override
    public AccessPolicyChange update(AccessPolicyId id, AccessPolicyPatch patch) {
        cluster.scope().require(id.namespace());
        AccessPolicy stored =
                changes.change(id.key(), patch.expectedVersion().orElse(null), current -> patched(current, patch));
        return changed(stored, "access-policy.update", "updated");
    }

    private static AccessPolicy patched(AccessPolicy current, AccessPolicyPatch patch) {
        AccessPolicySpec spec = patch.applyTo(current.spec());
        Findings.refuse(current.key().toString(), AccessPolicyValidation.problems(spec));
        return current.withSpec(spec);
    }

    @Override
    public AccessPolicyChange delete(AccessPolicyId id) {
        cluster.scope().require(id.namespace());
        Optional<AccessPolicy> found = changes.find(id.key());
        if (found.isEmpty()) {
            rows.removeLeftBehind(id, id.key(), DELETE, () -> changes.find(id.key()));
            throw changes.notFound(id.key());
        }
        AccessPolicy policy = found.get();
        if (!policy.metadata().isBeingDeleted()) {
            use.requireUnused(policy);
            cluster.resources().delete(policy);
        }
        return new AccessPolicyChange(policy, rows.removed(policy, DELETE));
    }

    @Override
    public List<TenantId> tenantsUnder(AccessPolicyId id) {
        return answers.tenantsUnder(get(id));
    }

    @Override
    public PolicyExplanation explain(TenantId tenant) {
        return answers.explain(tenant);
    }

    @Override
    public BlastRadius previewCreate(NewAccessPolicy policy) {
        AccessPolicy made = changes.rehearseCreate(wanted(policy));
        return previews.of(made.id(), made);
    }

    @Override
    public BlastRadius previewUpdate(AccessPolicyId id, AccessPolicyPatch patch) {
        cluster.scope().require(id.namespace());
        return previews.of(
                id,
                changes.rehearse(id.key(), patch.expectedVersion().orElse(null), current -> patched(current, patch)));
    }

    @Override
    public BlastRadius previewDelete(AccessPolicyId id) {
        return previews.of(get(id).id(), null);
    }

    @Override
    public EgressDecision decide(TenantId tenant, Destination destination, int port) {
        return answers.decide(tenant, destination, port);
    }

    @Override
    public List<PolicyFinding> findings(AccessPolicyId id) {
        return PolicyFindings.of(get(id).spec());
    }

    private AccessPolicyChange changed(AccessPolicy stored, String action, String done) {
        Map<String, String> version =
                Map.of("resourceVersion", stored.metadata().resourceVersion());
        return new AccessPolicyChange(stored, rows.wrote(stored, action, done, version));
    }
}
