package io.opencrane.core.policy;

import static io.opencrane.core.support.InMemoryCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyChange;
import io.opencrane.api.policy.AccessPolicyField;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyPatch;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicyService;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.AccessPolicySummary;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.resource.ScannedPage;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DefaultAccessPolicyServiceTest {
    private static final AccessPolicyId ENGINEERING = new AccessPolicyId("opencrane", "engineering");
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.namespaces("opencrane", "second"));
    private final InMemoryProjection projection = new InMemoryProjection();
    private final Map<String, PolicyRow> rows = projection.policies().rows;
    private final OpenCrane openCrane = OpenCrane.builder()
            .cluster(cluster)
            .projection(projection)
            .settings(Settings.builder()
                    .namespace("opencrane")
                    .defaultTenantPolicyRef("base")
                    .build())
            .clock(() -> NOW)
            .build();
    private final AccessPolicyService service = openCrane.policies();

    private static NewAccessPolicy.Builder engineering() {
        return NewAccessPolicy.builder("engineering").matchTeam("engineering").allowDomains("github.com");
    }

    private static AccessPolicyPatch patch(UnaryOperator<AccessPolicyPatch.Builder> change) {
        return change.apply(AccessPolicyPatch.builder()).build();
    }

    private static AbstractThrowableAssert<?, ?> refused(ErrorCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private AccessPolicy stored() {
        return cluster.policies.get("opencrane/engineering");
    }

    private void markDeleting() {
        ResourceMetadata now = stored().metadata();
        cluster.put(stored().withMetadata(new ResourceMetadata(
                now.namespace(),
                now.name(),
                now.uid(),
                "",
                1,
                now.creationTimestamp(),
                Instant.EPOCH,
                now.labels(),
                now.annotations(),
                now.finalizers())));
    }

    private void putByKubectl(NewAccessPolicy policy) {
        cluster.put(new AccessPolicy(
                ResourceMetadata.of("opencrane", policy.name()), policy.spec(), AccessPolicyStatus.empty()));
    }

    private TenantId tenant(String name, UnaryOperator<NewTenant.Builder> change) {
        return openCrane
                .tenants()
                .create(change.apply(NewTenant.builder(name, "Name", "a@b.com")).build())
                .tenant()
                .id();
    }

    @Test
    void aPolicyIsCreatedWithRowAndAuditEntry() {
        AccessPolicyChange change =
                service.create(engineering().createRequest("r-1").build());

        assertThat(change.projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(change.policy()).isEqualTo(stored());
        assertThat(stored().metadata().annotations()).containsEntry("opencrane.io/create-request", "r-1");
        assertThat(rows.get("opencrane/engineering")).satisfies(row -> {
            assertThat(row.domains()).isEqualTo(stored().spec().domains());
            assertThat(row.uid()).isEqualTo(stored().metadata().uid());
        });
        assertThat(projection.log).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("access-policy.create");
            assertThat(entry.tenant()).isNull();
            assertThat(entry.timestamp()).isEqualTo(NOW);
            assertThat(entry.message()).isEqualTo("AccessPolicy opencrane/engineering created.");
        });
    }

    @Test
    void aRefusedPolicyWritesNothingAndSaysEverything() {
        NewAccessPolicy policy = NewAccessPolicy.builder("Bad")
                .namespace("elsewhere")
                .egress("10.0.0.1/8")
                .build();

        ValidationException e = catchThrowableOfType(ValidationException.class, () -> service.create(policy));

        assertThat(e.problems())
                .extracting(Problem::path)
                .containsExactly("name", "namespace", "spec.egressRules[0].cidr");
        assertThat(cluster.calls).isEmpty();
        assertThat(projection.log).isEmpty();
    }

    @Test
    void aPolicyMayBeInAnotherNamespaceOfTheScope() {
        service.create(engineering().namespace("second").build());

        assertThat(cluster.policies).containsOnlyKeys("second/engineering");
        assertThat(rows).containsOnlyKeys("second/engineering");
    }

    @Test
    void creatingAgainAfterACrashBeforeTheRowMendsTheRow() {
        putByKubectl(engineering().build());

        AccessPolicyChange change = service.create(engineering().build());

        assertThat(change.projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(rows).containsOnlyKeys("opencrane/engineering");
    }

    @Test
    void anEmptyTextByKubectlIsTheSameAsNone() {
        putByKubectl(NewAccessPolicy.builder("engineering")
                .description("")
                .matchTeam("")
                .allowDomains("github.com")
                .build());

        NewAccessPolicy same = NewAccessPolicy.builder("engineering")
                .allowDomains("github.com")
                .build();
        assertThat(service.create(same).policy()).isEqualTo(stored());
    }

    @Test
    void creatingAgainAfterALostResponseIsASuccess() {
        cluster.afterCreate.add(failure(ErrorCode.TIMEOUT));
        refused(
                ErrorCode.TIMEOUT,
                () -> service.create(engineering().createRequest("r").build()));

        assertThat(service.create(engineering().createRequest("r").build()).policy())
                .isEqualTo(stored());
        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> service.create(engineering().createRequest("other").build()));
    }

    @Test
    void anotherSpecOfTheNameIsRefusedAndOneOnItsWayOutIsWaitedFor() {
        service.create(engineering().build());

        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> service.create(engineering().allowDomains("x.com").build()));
        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> service.previewCreate(engineering().allowDomains("x.com").build()));

        markDeleting();
        refused(ErrorCode.BEING_DELETED, () -> service.create(engineering().build()));
        refused(ErrorCode.BEING_DELETED, () -> service.update(ENGINEERING, patch(p -> p.description("x"))));
        refused(ErrorCode.BEING_DELETED, () -> service.previewUpdate(ENGINEERING, patch(p -> p.description("x"))));
    }

    @Test
    void aProjectionThatIsDownNeverFailsTheChange() {
        projection.down = failure(ErrorCode.UPSTREAM_ERROR);

        assertThat(service.create(engineering().build()).projection()).isEqualTo(ProjectionOutcome.PENDING);
        assertThat(service.update(ENGINEERING, patch(p -> p.description("x"))).projection())
                .isEqualTo(ProjectionOutcome.PENDING);
        assertThat(service.delete(ENGINEERING).projection()).isEqualTo(ProjectionOutcome.PENDING);
        assertThat(cluster.policies).isEmpty();
    }

    @Test
    void withoutAProjectionChangesSaySo() {
        AccessPolicyService alone = OpenCrane.builder().cluster(cluster).build().policies();

        assertThat(alone.create(engineering().build()).projection()).isEqualTo(ProjectionOutcome.NONE);
        assertThat(alone.list(AccessPolicyQuery.all()).source()).isEqualTo(Page.Source.CLUSTER);
        assertThat(alone.delete(ENGINEERING).projection()).isEqualTo(ProjectionOutcome.NONE);
    }

    @Test
    void aPolicyIsReadAndOneThatIsAbsentHasItsCode() {
        service.create(engineering().build());

        assertThat(service.get(ENGINEERING)).isEqualTo(stored());
        assertThat(service.find(ENGINEERING)).contains(stored());
        AccessPolicyId none = new AccessPolicyId("opencrane", "none");
        assertThat(service.find(none)).isEmpty();
        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.get(none)).hasMessageContaining("no such policy");
        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.update(none, patch(p -> p)));
        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.delete(none));
        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.tenantsUnder(none));
        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.findings(none));
        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.previewDelete(none));
        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.previewUpdate(none, patch(p -> p)));
    }

    @Test
    void everyCallKeepsToTheScope() {
        AccessPolicyId foreign = new AccessPolicyId("elsewhere", "p");
        cluster.calls.clear();

        refused(ErrorCode.VALIDATION_ERROR, () -> service.get(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.find(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.update(foreign, patch(p -> p)));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.delete(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.tenantsUnder(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.previewUpdate(foreign, patch(p -> p)));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.previewDelete(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.findings(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.explain(new TenantId("elsewhere", "t")));
        refused(
                ErrorCode.VALIDATION_ERROR,
                () -> service.decide(new TenantId("elsewhere", "t"), Destination.name("github.com"), 443));
        refused(
                ErrorCode.VALIDATION_ERROR,
                () -> service.list(
                        AccessPolicyQuery.builder().namespace("elsewhere").build()));
        assertThat(cluster.calls).isEmpty();
    }

    @Test
    void anUpdateSetsAndClearsAndWritesItsRow() {
        service.create(engineering().description("Old").build());

        service.update(
                ENGINEERING,
                patch(p -> p.egress("10.0.0.0/8").clear(AccessPolicyField.DESCRIPTION, AccessPolicyField.MATCH_TEAM)));

        AccessPolicySpec spec = stored().spec();
        assertThat(spec.description()).isNull();
        assertThat(spec.tenantSelector().isEmpty()).isTrue();
        assertThat(spec.domains().allow()).containsExactly("github.com");
        assertThat(spec.egressRules()).hasSize(1);
        assertThat(rows.get("opencrane/engineering").egressRules()).isEqualTo(spec.egressRules());
        assertThat(projection.actions()).containsExactly("access-policy.create", "access-policy.update");
    }

    @Test
    void anUpdateIsValidatedWhole() {
        service.create(engineering().build());
        cluster.calls.clear();

        ValidationException e = catchThrowableOfType(
                ValidationException.class, () -> service.update(ENGINEERING, patch(p -> p.denyDomains("github.com"))));

        assertThat(e.problems()).extracting(Problem::code).containsExactly(Problem.Code.CONTRADICTION);
        assertThat(cluster.calls).containsExactly("find");
    }

    @Test
    void anUpdateMeetsAConcurrentChangeUnlessItInsistsOnAVersion() {
        AccessPolicy seen = service.create(engineering().build()).policy();
        cluster.beforePatch.add(() -> cluster.put(stored()));

        service.update(ENGINEERING, patch(p -> p.description("met")));

        assertThat(stored().spec().description()).isEqualTo("met");
        refused(
                ErrorCode.CONFLICT,
                () -> service.update(
                        ENGINEERING, patch(p -> p.description("late").ifUnchangedSince(seen))));
        refused(
                ErrorCode.CONFLICT,
                () -> service.previewUpdate(
                        ENGINEERING, patch(p -> p.description("late").ifUnchangedSince(seen))));
    }

    @Test
    void anUpdateWhoseResponseWasLostIsNoConflictWithItself() {
        service.create(engineering().build());
        cluster.afterPatch.add(failure(ErrorCode.CONFLICT));

        assertThat(service.update(ENGINEERING, patch(p -> p.description("x"))).policy())
                .isEqualTo(stored());
    }

    @Test
    void deletingTakesCustomResourceAndRow() {
        AccessPolicy made = service.create(engineering().build()).policy();

        AccessPolicyChange change = service.delete(ENGINEERING);

        assertThat(change.policy()).isEqualTo(made);
        assertThat(change.projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(cluster.policies).isEmpty();
        assertThat(rows).isEmpty();
        assertThat(projection.actions()).containsExactly("access-policy.create", "access-policy.delete");
    }

    @Test
    void deletingAgainCleansTheRowThatACrashLeft() {
        service.create(engineering().build());
        cluster.policies.clear();

        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.delete(ENGINEERING));

        assertThat(rows).isEmpty();
        assertThat(projection.log.get(1).message()).contains("found deleted");
    }

    @Test
    void aRowLeftBehindIsNotTakenFromAPolicyCreatedMeanwhile() {
        service.create(engineering().build());
        AccessPolicy made = stored();
        cluster.policies.clear();
        cluster.afterFind.add(() -> cluster.put(made));

        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.delete(ENGINEERING));

        assertThat(rows).containsOnlyKeys("opencrane/engineering");
    }

    @Test
    void deletingOneThatIsOnItsWayOutOnlyFinishesTheRow() {
        service.create(engineering().build());
        tenant("ada", t -> t.policyRef("engineering"));
        markDeleting();
        cluster.calls.clear();

        service.delete(ENGINEERING);

        assertThat(cluster.calls).containsExactly("find");
        assertThat(rows).isEmpty();
    }

    @Test
    void aPolicyOfTheNameMadeMeanwhileIsNotDeleted() {
        service.create(engineering().build());
        cluster.beforeDelete.add(() -> {
            cluster.policies.clear();
            putByKubectl(engineering().build());
        });

        refused(ErrorCode.CONFLICT, () -> service.delete(ENGINEERING));

        assertThat(cluster.policies).hasSize(1);
    }

    @Test
    void aPolicyThatTenantsNameIsInUseAndTenOfThemAreNamed() {
        service.create(engineering().build());
        for (int i = 10; i < 22; i++) {
            tenant("t-" + i, t -> t.policyRef("engineering"));
        }
        tenant("zed", t -> t.team("engineering"));

        refused(ErrorCode.IN_USE, () -> service.delete(ENGINEERING))
                .hasMessageContaining("opencrane/t-10, opencrane/t-11")
                .hasMessageContaining("opencrane/t-19 and 2 more;")
                .hasMessageNotContaining("zed");
        assertThat(cluster.policies).hasSize(1);
        assertThat(projection.actions()).doesNotContain("access-policy.delete");
    }

    @Test
    void aTenantOfAnotherNamespaceDoesNotNameThePolicy() {
        service.create(engineering().build());
        tenant("ada", t -> t.policyRef("engineering").namespace("second"));
        tenant("bob", t -> t.team("engineering"));

        service.delete(ENGINEERING);

        assertThat(cluster.policies).isEmpty();
    }

    @Test
    void theDefaultPolicyIsInUseWhileATenantFollowsIt() {
        AccessPolicyId base = new AccessPolicyId("opencrane", "base");
        service.create(NewAccessPolicy.builder("base").build());
        service.create(engineering().build());
        tenant("ada", t -> t.team("engineering"));
        TenantId bob = tenant("bob", t -> t);

        refused(ErrorCode.IN_USE, () -> service.delete(base))
                .hasMessageContaining("DEFAULT_TENANT_POLICY_REF")
                .hasMessageContaining("opencrane/bob;")
                .hasMessageNotContaining("ada");

        openCrane.tenants().delete(bob);
        service.delete(base);
        assertThat(cluster.policies).containsOnlyKeys("opencrane/engineering");
    }

    @Test
    void aListComesFromTheProjection() {
        service.create(engineering().description("For engineers").build());

        Page<AccessPolicySummary> page = service.list(AccessPolicyQuery.all());

        assertThat(page.source()).isEqualTo(Page.Source.PROJECTION);
        assertThat(page.items())
                .containsExactly(new AccessPolicySummary(
                        "opencrane",
                        "engineering",
                        "For engineers",
                        true,
                        stored().metadata().creationTimestamp()));
    }

    @Test
    void withoutAProjectionAListIsACappedScanInPages() {
        AccessPolicyService alone = OpenCrane.builder().cluster(cluster).build().policies();
        for (String name : new String[] {"a", "b", "c"}) {
            putByKubectl(NewAccessPolicy.builder(name)
                    .description("b".equals(name) ? "Second" : "Other")
                    .build());
        }

        Page<AccessPolicySummary> first =
                alone.list(AccessPolicyQuery.builder().limit(2).build());
        assertThat(first.items()).extracting(AccessPolicySummary::name).containsExactly("a", "b");
        assertThat(first.next()).isEqualTo("opencrane/b");
        Page<AccessPolicySummary> rest =
                alone.list(AccessPolicyQuery.builder().after(first.next()).build());
        assertThat(rest.items()).extracting(AccessPolicySummary::name).containsExactly("c");
        assertThat(rest.next()).isNull();
        assertThat(alone.list(AccessPolicyQuery.builder().text("SECOND").build())
                        .items())
                .extracting(AccessPolicySummary::name)
                .containsExactly("b");
        assertThat(alone.list(AccessPolicyQuery.builder().namespace("second").build())
                        .items())
                .isEmpty();

        for (int i = 0; i <= ScannedPage.MAX_SCAN; i++) {
            putByKubectl(NewAccessPolicy.builder("p-" + i).build());
        }
        refused(
                ErrorCode.LIST_TOO_LARGE,
                () -> alone.list(AccessPolicyQuery.builder().text("nowhere").build()));
    }
}
