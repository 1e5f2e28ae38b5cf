package io.opencrane.it.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantResources;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.clustertenant.CustomerPurge;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.ClusterTenantResult;
import io.opencrane.k8s.reconcile.NetworkBaseline;
import io.opencrane.k8s.remote.CustomerClusters;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.provisioner.FakeCall;
import io.opencrane.testkit.provisioner.FakeProvisioner;
import io.opencrane.testkit.provisioner.Nonsense;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the reconciler of customers promises around a provisioner of somebody else, which may do anything. */
class ExternalCustomersTest {
    private static final InstanceScope SCOPE = InstanceScope.wholeCluster("opencrane-system");
    private static final CustomerChildren GOLD = new CustomerChildren("gold", "opencrane-gold");
    private static final Set<String> WRITES = Set.of("create", "apply", "patch", "delete");

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final Faults faults = new Faults();
    private final Faults faultsThere = new Faults();
    private final ObjectStore here = InMemoryCluster.create(SCOPE, clock).objects();
    private final ObjectStore there = InMemoryCluster.create(SCOPE, clock).objects();
    private final FakeProvisioner fake = new FakeProvisioner(clock).takes(Duration.ofMinutes(20));
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final KubernetesCluster direct = KubernetesCluster.over(here, SCOPE);
    private ClusterTenantReconciler reconciler = newProcess();

    private ClusterTenantReconciler newProcess() {
        return reconciler(builder -> builder.add(fake));
    }

    private ClusterTenantReconciler reconciler(UnaryOperator<Provisioners.Builder> provisioners) {
        ObjectStore remote = faultsThere.wrap(ObjectStore.class, there);
        return ClusterTenantReconciler.builder(
                        KubernetesCluster.over(faults.wrap(ObjectStore.class, here), SCOPE)
                                .reaching(customer -> session(remote)),
                        NetworkBaseline.of(NetworkFence.of(Settings.defaults())))
                .provisioners(provisioners
                        .apply(Provisioners.calledOn(executor).callTimeout(Duration.ofMillis(500)))
                        .build())
                .clock(clock)
                .build();
    }

    static CustomerClusters.Session session(ObjectStore objects) {
        return new CustomerClusters.Session() {
            @Override
            public ObjectStore objects() {
                return objects;
            }

            @Override
            public void close() {}
        };
    }

    @AfterEach
    void end() {
        fake.release();
        executor.shutdownNow();
    }

    @Test
    void aCustomerIsReadyWhenItsClusterIsAndItsNamespaceIsThereAndNotHere() {
        create();
        ClusterTenantResult begun = reconcile();
        assertThat(begun.customer().status().phase()).isEqualTo(ClusterTenantPhase.PROVISIONING);
        assertThat(begun.customer().status().provisioner()).isEqualTo("fake");
        assertThat(begun.customer().status().operationId()).isNotEmpty();
        assertThat(begun.customer().status().boundNamespace()).isNull();
        assertThat(begun.requeueAfter())
                .hasValueSatisfying(delay -> assertThat(delay).isPositive());

        clock.advance(Duration.ofMinutes(21));
        ClusterTenant ready = reconcile().customer();

        assertThat(ready.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(ready.status().boundNamespace()).isEqualTo("opencrane-gold");
        assertThat(ready.status().kubeconfigSecretRef())
                .isEqualTo(new SecretKeyRef("opencrane-system", "gold-kubeconfig", "kubeconfig"));
        assertThat(ready.status().operationId()).isNull();
        assertThat(there.get(GOLD.quota())).isPresent();
        assertThat(there.get(GOLD.limits())).isPresent();
        assertThat(here.get(GOLD.boundNamespace())).isEmpty();
    }

    @Test
    void anHourOfProvisioningIsAskedAboutEverMoreRarelyAndSurvivesRestarts() {
        fake.takes(Duration.ofHours(1));
        Altered silent = new Altered(fake);
        silent.provision = answer -> answer.askAgainAfter(null);
        int questions = provisionInNewProcesses(silent, Duration.ofMinutes(1));

        assertThat(questions).isBetween(60, 110);
        assertThat(fake.calls())
                .as("the same call, until it is done")
                .extracting(FakeCall::kind)
                .containsOnly(FakeCall.Kind.PROVISION);
        assertThat(fake.resources("gold")).hasSameSizeAs(Set.copyOf(fake.resources("gold")));
    }

    @Test
    void oneThatSaysWhenToAskIsAskedThenButAtLeastEveryTenMinutes() {
        fake.takes(Duration.ofHours(1));

        assertThat(provisionInNewProcesses(fake, Duration.ofMinutes(10))).isBetween(6, 7);
    }

    /** Every question comes from a new process, when the one before said; returns how many there were. */
    private int provisionInNewProcesses(ClusterTenantProvisioner provisioner, Duration longest) {
        create();
        int questions = 0;
        ClusterTenantResult result;
        while (true) {
            reconciler = reconciler(builder -> builder.add(provisioner));
            result = reconcile();
            if (result.customer().status().phase() != ClusterTenantPhase.PROVISIONING) {
                assertThat(result.customer().status().phase()).isEqualTo(ClusterTenantPhase.READY);
                return questions;
            }
            Duration delay = result.requeueAfter().orElseThrow();
            assertThat(delay).isPositive().isLessThanOrEqualTo(longest);
            clock.advance(delay);
            questions++;
        }
    }

    @Test
    void whatTakesTooLongFailsWithAReasonAndIsStillAskedAbout() {
        fake.takes(Duration.ofHours(5));
        create();
        reconcile();

        clock.advance(Duration.ofMinutes(121));
        ClusterTenantResult late = reconcile();
        assertThat(late.customer().status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(late.customer().status().message()).contains("not done after 120 minutes");
        assertThat(late.requeueAfter()).contains(Duration.ofMinutes(5));

        clock.advance(Duration.ofHours(3));
        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.READY);
    }

    @Test
    void aReadyCustomerThatIsIdleCostsNoWriteHereOrThere() {
        makeReady();
        faults.restart();
        faultsThere.restart();

        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMinutes(10));
            reconcile();
        }

        assertThat(writes(faults)).isEmpty();
        assertThat(writes(faultsThere)).isEmpty();
    }

    @Test
    void whatIsChangedThereIsBroughtBack() {
        makeReady();
        there.delete(
                GOLD.limits(),
                there.get(GOLD.limits()).orElseThrow().getMetadata().getUid());

        reconcile();

        assertThat(there.get(GOLD.limits())).isPresent();
    }

    @Test
    void aChangedSpecIsAskedForOnceAndTenantsGoOnMeanwhile() {
        makeReady();
        int before = provisions();
        change(spec -> spec.resources(
                new ClusterTenantResources(Quota.builder().pods(9L).build())));

        reconcile();
        ClusterTenant after = reconcile().customer();

        assertThat(provisions()).isEqualTo(before + 1);
        assertThat(after.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        Map<String, Object> hard = there.get(GOLD.quota()).orElseThrow().get("spec", "hard");
        assertThat(hard).containsEntry("pods", "9");
    }

    @ParameterizedTest
    @EnumSource(Nonsense.class)
    void nonsenseFromTheBeginningMakesNothingAndIsSaidOnce(Nonsense kind) {
        fake.answerWith(kind);
        create();
        reconcile();
        clock.advance(Duration.ofSeconds(5));
        ClusterTenant first = reconcile().customer();
        faults.restart();
        clock.advance(Duration.ofSeconds(5));
        ClusterTenant second = reconcile().customer();

        assertThat(first.status().phase()).isEqualTo(ClusterTenantPhase.PROVISIONING);
        assertThat(first.status().message())
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(1_000)
                .doesNotContain(Nonsense.CREDENTIAL)
                .doesNotContain("\u0000");
        assertThat(second).isEqualTo(first);
        assertThat(writes(faults)).isEmpty();
        assertThat(there.get(GOLD.boundNamespace())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Nonsense.class)
    void nonsenseLaterLeavesTheCustomerReady(Nonsense kind) {
        ClusterTenantStatus ready = makeReady().status();
        fake.answerWith(kind);
        clock.advance(Duration.ofMinutes(10));

        ClusterTenantStatus after = reconcile().customer().status();

        if (kind == Nonsense.SENSELESS_STATE) {
            assertThat(after.phase()).isEqualTo(ClusterTenantPhase.FAILED);
            assertThat(after.message()).contains("gone").contains("nothing is made in its place");
        } else {
            assertThat(after.phase()).isEqualTo(ClusterTenantPhase.READY);
        }
        assertThat(after.boundNamespace()).isEqualTo(ready.boundNamespace());
        assertThat(after.kubeconfigSecretRef()).isEqualTo(ready.kubeconfigSecretRef());
    }

    @Test
    void oneThatThrowsIsContainedAndItsMessageStaysOutside() {
        fake.failWith(new IllegalStateException("password=hunter2"));
        create();

        ClusterTenantResult contained = reconcile();

        assertThat(contained.customer().status().phase()).isEqualTo(ClusterTenantPhase.PROVISIONING);
        assertThat(contained.customer().status().message())
                .contains("java.lang.IllegalStateException")
                .doesNotContain("hunter2");
        assertThat(contained.requeueAfter()).isPresent();

        fake.failWith(null);
        clock.advance(Duration.ofMinutes(1));
        reconcile();
        clock.advance(Duration.ofMinutes(30));
        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.READY);
    }

    @Test
    void oneThatHangsIsLeftBehindAndTheCustomerStaysReady() {
        makeReady();
        fake.hang();
        clock.advance(Duration.ofMinutes(10));

        ClusterTenant waiting = reconcile().customer();
        clock.advance(Duration.ofMinutes(1));
        ClusterTenant again = reconcile().customer();

        assertThat(waiting.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(condition(waiting, "Provisioned").status()).isEqualTo(Condition.Status.UNKNOWN);
        assertThat(again.status()).isEqualTo(waiting.status());

        fake.release();
        clock.advance(Duration.ofMinutes(1));
        assertThat(condition(reconcile().customer(), "Provisioned").isTrue()).isTrue();
    }

    @Test
    void aProvisionerIsNotAskedForEverythingThatStirsInTheNamespace() {
        makeReady();
        int before = fake.calls().size();

        for (int i = 0; i < 20; i++) {
            there.delete(
                    GOLD.limits(),
                    there.get(GOLD.limits()).orElseThrow().getMetadata().getUid());
            ClusterTenantResult result = reconcile();
            assertThat(there.get(GOLD.limits())).isPresent();
            assertThat(result.requeueAfter())
                    .hasValueSatisfying(delay -> assertThat(delay).isPositive());
            clock.advance(Duration.ofSeconds(10));
        }

        assertThat(fake.calls()).hasSize(before);
        clock.advance(Duration.ofMinutes(10));
        reconcile();
        assertThat(fake.calls()).hasSize(before + 1);
    }

    @Test
    void whileItWorksAnEarlyLookChangesNothing() {
        create();
        ClusterTenant begun = reconcile().customer();
        int before = fake.calls().size();
        faults.restart();

        clock.advance(Duration.ofSeconds(1));
        ClusterTenant early = reconcile().customer();

        assertThat(early).isEqualTo(begun);
        assertThat(writes(faults)).isEmpty();
        assertThat(fake.calls()).hasSize(before);
    }

    @Test
    void oneThatFlipsFromReadyToFailedIsReportedAndTenantsKeepTheirPlace() {
        ClusterTenantStatus ready = makeReady().status();
        fake.breakDown("gold", "The region is on fire.");
        clock.advance(Duration.ofMinutes(10));

        ClusterTenantStatus after = reconcile().customer().status();

        assertThat(after.phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(after.message()).isEqualTo("The region is on fire.");
        assertThat(after.boundNamespace()).isEqualTo(ready.boundNamespace());
        assertThat(after.kubeconfigSecretRef()).isEqualTo(ready.kubeconfigSecretRef());
        fake.mend("gold");
        clock.advance(Duration.ofMinutes(5));
        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.READY);
    }

    @Test
    void aLostClusterIsNeverReplacedByAnEmptyOne() {
        makeReady();
        fake.forget("gold");
        int before = provisions();
        change(spec -> spec.displayName("Gold Corporation"));

        ClusterTenant lost = reconcile().customer();
        reconcile();

        assertThat(lost.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(condition(lost, "Provisioned").reason()).isEqualTo("STATE_LOST");
        assertThat(provisions()).isEqualTo(before);
    }

    @Test
    void oneThatFailedAtFirstIsAskedToTryAgainAfterAWhile() {
        fake.breakDown("gold", "No quota left in the region.");
        create();
        ClusterTenantResult failed = reconcile();
        assertThat(failed.customer().status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(failed.requeueAfter()).contains(Duration.ofMinutes(5));
        fake.mend("gold");

        clock.advance(Duration.ofMinutes(30));
        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.READY);
    }

    @Test
    void anOutageOfItsClusterIsWaitedForAndChangesNothing() {
        makeReady();
        faultsThere.failWhile(call -> true, Failure.UPSTREAM_ERROR);

        ClusterTenant waiting = reconcile().customer();
        faults.restart();
        ClusterTenant again = reconcile().customer();

        assertThat(waiting.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(condition(waiting, "Ready").isTrue()).isFalse();
        assertThat(again).isEqualTo(waiting);
        assertThat(writes(faults)).isEmpty();
        faultsThere.clear();
        assertThat(condition(reconcile().customer(), "Ready").isTrue()).isTrue();
    }

    @Test
    void whoMadeACustomerStaysAskedWhenAnotherIsChosenForNewOnes() {
        makeReady();
        FakeProvisioner other = new FakeProvisioner(clock).id("other");

        reconciler =
                reconciler(builder -> builder.add(fake).add(other).choose(IsolationTier.DEDICATED_CLUSTER, "other"));
        assertThat(reconcile().customer().status().provisioner()).isEqualTo("fake");
        assertThat(other.calls()).isEmpty();

        reconciler = reconciler(builder -> builder.add(other));
        ClusterTenant orphaned = reconcile().customer();
        assertThat(condition(orphaned, "Accepted").reason()).isEqualTo("TIER_UNAVAILABLE");
        assertThat(orphaned.status().boundNamespace()).isEqualTo("opencrane-gold");
    }

    @Test
    void aCustomerOfTheDeployedPlatformIsTakenOverFromItsProvisioner() {
        create();
        ClusterTenant theirs = customer();
        direct.resources()
                .patchStatus(
                        theirs,
                        theirs.withStatus(ClusterTenantStatus.empty().toBuilder()
                                .phase(ClusterTenantPhase.READY)
                                .provisioner("fake")
                                .boundNamespace("opencrane-gold")
                                .build()));

        reconcile();
        clock.advance(Duration.ofMinutes(21));
        ClusterTenant ours = reconcile().customer();

        assertThat(ours.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(ours.status().kubeconfigSecretRef()).isNotNull();
        delete();
        assertThat(fake.resources("gold")).isEmpty();
    }

    @Test
    void deletingKeepsTheStateUnlessThePurgeIsConfirmed() {
        makeReady();
        Set<String> data = fake.data("gold");
        delete();

        assertThat(find()).isFalse();
        assertThat(fake.resources("gold")).isEmpty();
        assertThat(fake.data("gold")).isEqualTo(data).isNotEmpty();

        makeReady();
        assertThat(fake.data("gold")).isEqualTo(data);
        ClusterTenant now = customer();
        direct.resources()
                .patch(now, now.withMetadata(now.metadata().withAnnotations(Map.of(CustomerPurge.ANNOTATION, "gold"))));
        delete();

        assertThat(find()).isFalse();
        assertThat(fake.data("gold")).isEmpty();
    }

    @Test
    void oneThatCannotKeepStateIsNotAskedToRemoveItUnconfirmed() {
        fake.capabilities(
                new ProvisionerCapabilities(Set.of(IsolationTier.DEDICATED_CLUSTER), false, Duration.ofHours(1)));
        reconciler = newProcess();
        makeReady();

        direct.resources().delete(customer());
        ClusterTenant held = reconcile().customer();

        assertThat(held.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(held.status().message()).contains("cannot keep").contains("confirm the purge");
        assertThat(fake.resources("gold")).isNotEmpty();
    }

    @Test
    void whileTheProvisionerCannotBeAskedADeletedCustomerStays() {
        makeReady();
        fake.failWith(new OpenCraneException(
                ErrorCode.UPSTREAM_ERROR, "fake", "Down.", OpenCraneException.Retry.MAY_HELP, null));
        direct.resources().delete(customer());

        ClusterTenantResult waiting = reconcile();
        faults.restart();
        reconcile();

        assertThat(waiting.customer().status().message()).contains("Down.");
        assertThat(waiting.requeueAfter()).isPresent();
        assertThat(writes(faults)).isEmpty();
        fake.failWith(null);
        delete();
        assertThat(find()).isFalse();
    }

    @Test
    void deletingInTheMiddleOfProvisioningRemovesWhatIsThere() {
        create();
        reconcile();
        delete();

        assertThat(find()).isFalse();
        assertThat(fake.resources("gold")).isEmpty();
    }

    @Test
    void aNamespaceThereThatIsNotTheCustomersIsNotCaptured() {
        GenericKubernetesResource foreign = new GenericKubernetesResource();
        foreign.setApiVersion("v1");
        foreign.setKind("Namespace");
        foreign.setMetadata(new ObjectMetaBuilder().withName("opencrane-gold").build());
        there.create(foreign);
        create();
        reconcile();
        clock.advance(Duration.ofMinutes(21));

        ClusterTenant refused = reconcile().customer();

        assertThat(refused.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(condition(refused, "NamespaceReady").reason()).isEqualTo("NAME_TAKEN");
        assertThat(there.get(GOLD.quota())).isEmpty();
    }

    @Test
    void deletingInTheMiddleOfProvisioningKeepsWhatAnEarlierCustomerOfTheNameLeft() {
        makeReady();
        delete();
        Set<String> data = fake.data("gold");
        assertThat(data).isNotEmpty();

        create();
        reconcile();
        delete();

        assertThat(find()).isFalse();
        assertThat(fake.data("gold")).isEqualTo(data);
    }

    @Test
    void oneThatTakesItsStepsWhenItIsCalledIsCalledUntilItIsDone() {
        Altered stepwise = new Altered(fake.takes(Duration.ZERO));
        AtomicInteger calls = new AtomicInteger();
        stepwise.provision =
                answer -> calls.incrementAndGet() < 3 ? Provisioning.inProgress("step-" + calls.get()) : answer;
        stepwise.status = answer -> calls.get() < 3 ? Provisioning.inProgress("step-" + calls.get()) : answer;
        reconciler = reconciler(builder -> builder.add(stepwise));
        create();

        for (int i = 0; i < 3; i++) {
            reconcile().requeueAfter().ifPresent(clock::advance);
        }

        assertThat(customer().status().phase()).isEqualTo(ClusterTenantPhase.READY);
    }

    @Test
    void aChangeThatFailedIsAskedForAgainAndIsNotReadyMeanwhile() {
        Altered altered = new Altered(fake);
        reconciler = reconciler(builder -> builder.add(altered));
        makeReady();
        altered.provision = answer -> Provisioning.failed("No quota left in the region.");
        change(spec -> spec.displayName("Gold Corporation"));

        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        faults.restart();
        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(writes(faults)).isEmpty();
        altered.provision = UnaryOperator.identity();
        clock.advance(Duration.ofMinutes(5));
        ClusterTenant ready = reconcile().customer();

        assertThat(ready.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(condition(ready, "Provisioned").observedGeneration())
                .isEqualTo(ready.metadata().generation());
    }

    @Test
    void aChangeThatCameWhileTheClusterWasLostIsAskedForWhenItIsBack() {
        Altered altered = new Altered(fake);
        reconciler = reconciler(builder -> builder.add(altered));
        makeReady();
        int before = provisions();
        altered.status = answer -> Provisioning.absent();
        change(spec -> spec.displayName("Gold Corporation"));
        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.FAILED);

        altered.status = UnaryOperator.identity();
        clock.advance(Duration.ofMinutes(5));
        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.READY);

        assertThat(provisions()).isEqualTo(before + 1);
    }

    @Test
    void aNewAttemptAfterAFailureHasTimeOfItsOwn() {
        Altered altered = new Altered(fake);
        altered.provision = answer -> Provisioning.failed("No quota left in the region.");
        reconciler = reconciler(builder -> builder.add(altered));
        create();
        reconcile();
        clock.advance(Duration.ofHours(60));
        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.FAILED);

        altered.provision = answer -> Provisioning.inProgress("second");
        clock.advance(Duration.ofMinutes(5));

        assertThat(reconcile().customer().status().phase()).isEqualTo(ClusterTenantPhase.PROVISIONING);
        clock.advance(Duration.ofMinutes(121));
        assertThat(condition(reconcile().customer(), "Provisioned").reason()).isEqualTo("TimedOut");
    }

    @Test
    void anOldCopyOfACustomerThatIsGoneMakesNoCluster() {
        create();
        ClusterTenant copy = reconcile().customer();
        delete();
        assertThat(find()).isFalse();

        assertThatThrownBy(() -> reconciler.reconcile(copy)).isInstanceOf(OpenCraneException.class);

        assertThat(fake.resources("gold")).isEmpty();
    }

    @Test
    void anOldCopyDoesNotAskForWhatIsNotWantedAnyMore() {
        create();
        ClusterTenant copy = reconcile().customer();
        change(spec -> spec.displayName("Gold Corporation"));
        reconcile();
        int before = provisions();

        assertThatThrownBy(() -> reconciler.reconcile(copy)).isInstanceOf(OpenCraneException.class);

        assertThat(provisions()).isEqualTo(before);
    }

    @Test
    void aNamespaceThereThatIsOnItsWayOutIsNoOutage() {
        makeReady();
        GenericKubernetesResource holds = new GenericKubernetesResource();
        holds.setApiVersion("v1");
        holds.setKind("ConfigMap");
        holds.setMetadata(new ObjectMetaBuilder()
                .withNamespace(GOLD.namespace())
                .withName("held")
                .withFinalizers("example.com/hold")
                .build());
        there.create(holds);
        there.delete(
                GOLD.boundNamespace(),
                there.get(GOLD.boundNamespace()).orElseThrow().getMetadata().getUid());

        ClusterTenant waiting = reconcile().customer();

        assertThat(condition(waiting, "NamespaceReady").reason()).isEqualTo("BEING_DELETED");
        assertThat(waiting.status().message()).contains("on its way out").doesNotContain("cannot be reached");
    }

    @Test
    void whatItThrowsIsShortAndHoldsNoCredential() {
        fake.failWith(new OpenCraneException(
                ErrorCode.UPSTREAM_ERROR,
                "fake",
                "Its backend said: password=hunter2 " + "x".repeat(100_000),
                OpenCraneException.Retry.MAY_HELP,
                null));
        create();

        ClusterTenantStatus status = reconcile().customer().status();

        assertThat(status.phase()).isEqualTo(ClusterTenantPhase.PROVISIONING);
        assertThat(status.message()).hasSizeLessThan(1_200).doesNotContain("hunter2");
    }

    /** A provisioner whose answers are exchanged. */
    private static final class Altered implements ClusterTenantProvisioner {
        private final FakeProvisioner real;
        private volatile UnaryOperator<Provisioning> provision = UnaryOperator.identity();
        private volatile UnaryOperator<Provisioning> status = UnaryOperator.identity();

        Altered(FakeProvisioner real) {
            this.real = real;
        }

        @Override
        public String id() {
            return real.id();
        }

        @Override
        public ProvisionerCapabilities capabilities() {
            return real.capabilities();
        }

        @Override
        public Provisioning provision(ProvisionRequest request) {
            return provision.apply(real.provision(request));
        }

        @Override
        public Provisioning status(StatusRequest request) {
            return status.apply(real.status(request));
        }

        @Override
        public Provisioning deprovision(DeprovisionRequest request) {
            return real.deprovision(request);
        }
    }

    private ClusterTenant makeReady() {
        create();
        reconcile();
        clock.advance(Duration.ofMinutes(21));
        ClusterTenant ready = reconcile().customer();
        assertThat(ready.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        return ready;
    }

    private void create() {
        direct.resources()
                .create(new ClusterTenant(
                        ResourceMetadata.of("", "gold"),
                        ClusterTenantSpec.builder("Gold Corp")
                                .isolationTier(IsolationTier.DEDICATED_CLUSTER)
                                .resources(new ClusterTenantResources(
                                        Quota.builder().pods(5L).build()))
                                .build(),
                        ClusterTenantStatus.empty()));
    }

    private void change(UnaryOperator<ClusterTenantSpec.Builder> changed) {
        ClusterTenant now = customer();
        direct.resources()
                .patch(now, now.withSpec(changed.apply(now.spec().toBuilder()).build()));
    }

    /** Deletes it, and reconciles as often as it asks to be. */
    private void delete() {
        direct.resources().delete(customer());
        for (int i = 0; i < 10 && find(); i++) {
            reconcile().requeueAfter().ifPresent(clock::advance);
        }
    }

    private ClusterTenantResult reconcile() {
        return reconciler.reconcile("gold").orElseThrow();
    }

    private ClusterTenant customer() {
        return direct.resources().find(ClusterTenant.class, "", "gold").orElseThrow();
    }

    private boolean find() {
        return direct.resources().find(ClusterTenant.class, "", "gold").isPresent();
    }

    private int provisions() {
        return (int) fake.calls().stream()
                .filter(call -> call.kind() == FakeCall.Kind.PROVISION)
                .count();
    }

    private static Condition condition(ClusterTenant customer, String type) {
        return customer.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> writes(Faults faults) {
        return faults.calls().stream()
                .filter(call -> WRITES.contains(call.method()))
                .map(Objects::toString)
                .toList();
    }
}
