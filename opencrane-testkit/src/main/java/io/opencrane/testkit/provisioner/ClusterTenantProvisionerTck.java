package io.opencrane.testkit.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ClusterTenantProvisioner} must do. Extend it and give it a world in which outside calls can fail; what a provisioner
 * does not have, asynchronous work or data to keep for example, holds by itself.
 *
 * <pre>{@code
 * class AcmeClustersTest extends ClusterTenantProvisionerTck {
 *     @Override
 *     protected ProvisionerUnderTest start() {
 *         return new AcmeWorld();
 *     }
 * }
 * }</pre>
 */
public abstract class ClusterTenantProvisionerTck extends ProvisionerFaultCases {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    /** For subclasses. */
    protected ClusterTenantProvisionerTck() {}

    @Test
    void itsIdAndCapabilitiesAreWellFormedAndStable() {
        ClusterTenantProvisioner provisioner = world().provisioner();
        String id = provisioner.id();
        ProvisionerCapabilities capabilities = provisioner.capabilities();
        assertThat(id).matches(LABEL);
        assertThat(capabilities.tiers()).contains(world().spec().isolationTier());
        world().restart();
        assertThat(world().provisioner()).isNotSameAs(provisioner);
        assertThat(world().provisioner().id()).isEqualTo(id);
        assertThat(world().provisioner().capabilities()).isEqualTo(capabilities);
    }

    @Test
    void provisioningTwiceChangesNothingMore() {
        String customer = customer();
        bringUp(customer);
        assertThat(world().resources(customer)).doesNotHaveDuplicates();
        int before = changeCount();
        bringUp(customer);
        assertThat(changesSince(before)).isEmpty();
    }

    @Test
    void aNewProcessFindsWhatTheOldOneMade() {
        String customer = customer();
        Provisioning answer = bringUp(customer);
        world().restart();
        assertThat(status(customer, null).state()).isEqualTo(State.READY);
        int before = changeCount();
        assertThat(bringUp(customer).kubeconfigSecretRef()).isEqualTo(answer.kubeconfigSecretRef());
        assertThat(changesSince(before)).isEmpty();
    }

    @Test
    void workGoesOnByItsOperationAfterARestart() {
        String uncut = customer();
        bringUp(uncut);
        String customer = customer();
        until(State.READY, operation -> {
            Provisioning answer = provision(customer, operation);
            if (answer.state() == State.IN_PROGRESS) {
                world().restart();
                assertThat(status(customer, answer.operationId()).state())
                        .as("the status of what is on its way")
                        .isIn(State.IN_PROGRESS, State.READY);
            }
            return answer;
        });
        assertThat(shape(customer)).isEqualTo(shape(uncut));
    }

    @Test
    void aReadyClusterSaysWhereItsKubeconfigIs() {
        String customer = customer();
        Provisioning answer = bringUp(customer);
        if (world().spec().isolationTier() == IsolationTier.DEDICATED_CLUSTER) {
            assertThat(answer.kubeconfigSecretRef()).isNotNull();
        }
        Provisioning status = status(customer, null);
        assertThat(status.state()).isEqualTo(State.READY);
        assertThat(status.kubeconfigSecretRef()).isEqualTo(answer.kubeconfigSecretRef());
        assertThat(status.boundNamespace()).isEqualTo(answer.boundNamespace());
    }

    @Test
    void aStrangerIsAbsent() {
        bringUp(customer());
        assertThat(status(customer(), null).state()).isEqualTo(State.ABSENT);
    }

    @Test
    void askingForTheStatusChangesNothing() {
        String customer = customer();
        List<OutsideChange> seen = new ArrayList<>(statusChanges(customer));
        until(State.READY, operation -> {
            Provisioning answer = provision(customer, operation);
            seen.addAll(statusChanges(customer));
            return answer;
        });
        until(State.ABSENT, operation -> {
            Provisioning answer = deprovision(customer, false, operation);
            seen.addAll(statusChanges(customer));
            return answer;
        });
        assertThat(seen).isEmpty();
    }

    @Test
    void deprovisioningRemovesWhatDependsOnSomethingBeforeIt() {
        String customer = customer();
        bringUp(customer);
        List<String> lastFirst = new ArrayList<>(world().resources(customer));
        Collections.reverse(lastFirst);
        int before = changeCount();
        takeDown(customer, false);
        assertThat(changesSince(before))
                .filteredOn(change -> lastFirst.contains(change.resource()))
                .containsExactlyElementsOf(
                        lastFirst.stream().map(OutsideChange::deleted).toList());
    }

    @Test
    void deprovisioningAgainIsAbsentAgain() {
        String customer = customer();
        bringUp(customer);
        takeDown(customer, false);
        int before = changeCount();
        assertThat(deprovision(customer, false, null).state()).isEqualTo(State.ABSENT);
        world().restart();
        assertThat(deprovision(customer, false, null).state()).isEqualTo(State.ABSENT);
        assertThat(changesSince(before)).isEmpty();
    }

    @Test
    void deprovisioningAnUnknownCustomerIsAbsent() {
        int before = changeCount();
        assertThat(deprovision(customer(), false, null).state()).isEqualTo(State.ABSENT);
        assertThat(changesSince(before)).isEmpty();
    }

    @Test
    void aCustomerCanComeBack() {
        String customer = customer();
        bringUp(customer);
        List<String> first = shape(customer);
        takeDown(customer, false);
        bringUp(customer);
        assertThat(shape(customer)).isEqualTo(first);
    }

    @Test
    void dataThatAreKeptStayAndAreFoundAgain() {
        if (!world().provisioner().capabilities().retainsState()) {
            return;
        }
        String customer = customer();
        bringUp(customer);
        Set<String> data = world().stateOf(customer);
        takeDown(customer, true);
        assertThat(world().resources(customer)).isEmpty();
        assertThat(world().stateOf(customer)).isEqualTo(data);
        assertThat(status(customer, null).state()).isEqualTo(State.ABSENT);
        bringUp(customer);
        assertThat(world().stateOf(customer)).isEqualTo(data);
    }

    @Test
    void withoutKeepingDataNothingIsLeft() {
        String customer = customer();
        bringUp(customer);
        takeDown(customer, false);
        assertThat(world().resources(customer)).isEmpty();
        assertThat(world().stateOf(customer)).isEmpty();
    }

    @Test
    void dataThatWereKeptCanBePurgedLater() {
        if (!world().provisioner().capabilities().retainsState()) {
            return;
        }
        String customer = customer();
        bringUp(customer);
        takeDown(customer, true);
        takeDown(customer, false);
        assertThat(world().stateOf(customer)).isEmpty();
    }

    /** One name begins with the other, where a search by prefix would find both. */
    @Test
    void twoCustomersDoNotTouchEachOther() {
        String customer = customer();
        String neighbour = customer + "-b";
        bringUp(neighbour);
        List<String> before = world().resources(neighbour);
        Set<String> data = world().stateOf(neighbour);
        assertThat(status(customer, null).state()).isEqualTo(State.ABSENT);
        bringUp(customer);
        takeDown(customer, false);
        assertThat(world().resources(neighbour)).isEqualTo(before);
        assertThat(world().stateOf(neighbour)).isEqualTo(data);
        assertThat(status(neighbour, null).state()).isEqualTo(State.READY);
    }

    @Test
    void everyAnswerIsWellFormed() {
        liveWithFailures();
        assertThat(answers()).allSatisfy(answer -> {
            if (answer.message() != null) {
                assertThat(answer.message()).isNotBlank().hasSizeLessThanOrEqualTo(1_000);
            }
            if (answer.operationId() != null) {
                assertThat(answer.operationId()).matches("[!-~]{1,253}");
            }
            if (answer.askAgainAfter() != null) {
                assertThat(answer.askAgainAfter()).isPositive();
            }
            if (answer.boundNamespace() != null) {
                assertThat(answer.boundNamespace()).matches(LABEL);
            }
            SecretKeyRef ref = answer.kubeconfigSecretRef();
            if (ref != null) {
                assertThat(ref.namespace()).matches(LABEL);
                assertThat(ref.name()).matches(LABEL + "(\\." + LABEL + ")*").hasSizeLessThanOrEqualTo(253);
                assertThat(ref.key()).matches("[-._A-Za-z0-9]{0,253}");
            }
        });
    }

    @Test
    void noSecretIsTold() {
        liveWithFailures();
        List<String> told = new ArrayList<>(told());
        told.add(world().provisioner().toString());
        told.add(world().provisioner().capabilities().toString());
        for (String secret : world().secrets()) {
            // Not with contains: a failure would tell the secret.
            assertThat(told.stream().filter(text -> text.contains(secret)).count())
                    .as("answers, exceptions and texts with a secret in them")
                    .isZero();
        }
    }

    private void liveWithFailures() {
        for (OutsideFault fault : List.of(OutsideFault.OUTAGE, OutsideFault.TIMEOUT, OutsideFault.RATE_LIMITED)) {
            String customer = customer();
            world().failCall(1, fault);
            thrownBy(() -> provision(customer, null));
            world().failCall(1, fault);
            thrownBy(() -> status(customer, null));
            bringUp(customer);
            status(customer, null);
            world().failCall(1, fault);
            thrownBy(() -> deprovision(customer, false, null));
            takeDown(customer, false);
            status(customer, null);
        }
    }

    private List<OutsideChange> statusChanges(String customer) {
        int before = changeCount();
        status(customer, null);
        return changesSince(before);
    }
}
