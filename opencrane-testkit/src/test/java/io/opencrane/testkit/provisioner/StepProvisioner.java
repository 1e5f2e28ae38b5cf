package io.opencrane.testkit.provisioner;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.testkit.provisioner.FakeCloud.Thing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A small provisioner that is sound but for one defect. */
final class StepProvisioner implements ClusterTenantProvisioner {
    static final String SECRET = "s3cret-of-the-cloud";

    private static final List<String> STEPS = List.of("volume", "network", "cluster");

    private final FakeCloud cloud;
    private final Defect defect;
    private final Set<String> operations = new HashSet<>();
    private final Set<String> removed = new HashSet<>();

    /** What can be wrong with it, and the cases that find it. */
    enum Defect {
        NONE(),
        UNSTABLE_ID("itsIdAndCapabilitiesAreWellFormedAndStable"),
        REPLACES_WHAT_IS_READY("provisioningTwiceChangesNothingMore", "aNewProcessFindsWhatTheOldOneMade"),
        KEEPS_OPERATIONS_IN_MEMORY("workGoesOnByItsOperationAfterARestart"),
        READY_WITHOUT_KUBECONFIG("aReadyClusterSaysWhereItsKubeconfigIs"),
        STRANGERS_ARE_IN_PROGRESS("aStrangerIsAbsent", "twoCustomersDoNotTouchEachOther"),
        STATUS_MAKES_THINGS("askingForTheStatusChangesNothing", "aStatusThatMeetsAFailureTellsNothingWrong"),
        REMOVES_IN_ORDER_OF_CREATION("deprovisioningRemovesWhatDependsOnSomethingBeforeIt"),
        FAILS_WHEN_NOTHING_IS_LEFT(
                "deprovisioningAgainIsAbsentAgain",
                "deprovisioningAnUnknownCustomerIsAbsent",
                "deprovisioningCutAnywhereEndsAsIfItHadNotBeenCut",
                "deprovisioningSurvivesOutagesTimeOutsAndThrottling",
                "aConflictWithWhatIsItsOwnIsSuccess"),
        REFUSES_WHO_WAS_REMOVED("aCustomerCanComeBack"),
        DROPS_DATA(
                "dataThatAreKeptStayAndAreFoundAgain",
                "deprovisioningCutAnywhereEndsAsIfItHadNotBeenCut",
                "deprovisioningSurvivesOutagesTimeOutsAndThrottling",
                "aConflictWithWhatIsItsOwnIsSuccess"),
        KEEPS_DATA_FOR_EVER(
                "withoutKeepingDataNothingIsLeft",
                "dataThatWereKeptCanBePurgedLater",
                "deprovisioningCutAnywhereEndsAsIfItHadNotBeenCut",
                "deprovisioningSurvivesOutagesTimeOutsAndThrottling",
                "aConflictWithWhatIsItsOwnIsSuccess"),
        REMOVES_BY_PREFIX("twoCustomersDoNotTouchEachOther"),
        OVERLONG_MESSAGE("everyAnswerIsWellFormed"),
        NAMES_NO_NAMESPACE("everyAnswerIsWellFormed"),
        NAMES_NO_SECRET("everyAnswerIsWellFormed"),
        TELLS_ITS_SECRET("noSecretIsTold"),
        TAKES_A_LONE_NETWORK_FOR_READY(
                "provisioningCutAnywhereEndsAsIfItHadNotBeenCut",
                "provisioningSurvivesOutagesTimeOutsAndThrottling",
                "aConflictWithWhatIsItsOwnIsSuccess"),
        STOPS_REMOVING_WITHOUT_CLUSTER(
                "deprovisioningCutAnywhereEndsAsIfItHadNotBeenCut",
                "deprovisioningSurvivesOutagesTimeOutsAndThrottling",
                "aConflictWithWhatIsItsOwnIsSuccess",
                "dataThatWereKeptCanBePurgedLater"),
        GIVES_UP_ON_FAILURES_OF_PROVISION(
                "provisioningSurvivesOutagesTimeOutsAndThrottling", "provisioningChangesNothingWhenItCannotRead"),
        GIVES_UP_ON_FAILURES_OF_DEPROVISION(
                "deprovisioningSurvivesOutagesTimeOutsAndThrottling", "deprovisioningChangesNothingWhenItCannotRead"),
        FAILS_ON_CONFLICT("aConflictWithWhatIsItsOwnIsSuccess"),
        TAKES_WHAT_IS_FOREIGN("whatIsNotItsOwnIsRefusedAndUntouched"),
        REMOVES_WHAT_IS_FOREIGN("whatIsNotItsOwnIsRefusedAndUntouched"),
        UNREADABLE_IS_ABSENT("whatCannotBeReadIsNeverAbsent", "aStatusThatMeetsAFailureTellsNothingWrong"),
        MAKES_UNREAD("provisioningChangesNothingWhenItCannotRead"),
        REMOVES_UNREAD("deprovisioningChangesNothingWhenItCannotRead");

        private final Set<String> foundBy;

        Defect(String... foundBy) {
            this.foundBy = Set.of(foundBy);
        }

        Set<String> foundBy() {
            return foundBy;
        }
    }

    StepProvisioner(FakeCloud cloud, Defect defect) {
        this.cloud = cloud;
        this.defect = defect;
    }

    @Override
    public String id() {
        return is(Defect.UNSTABLE_ID) ? "steps-" + System.identityHashCode(this) : "steps";
    }

    @Override
    public ProvisionerCapabilities capabilities() {
        return ProvisionerCapabilities.dedicatedClusters();
    }

    @Override
    public Provisioning provision(ProvisionRequest request) {
        try {
            return provision(request.name(), request.operationId());
        } catch (OpenCraneException e) {
            if (is(Defect.GIVES_UP_ON_FAILURES_OF_PROVISION) && e.isRetryable()) {
                return Provisioning.failed("Something went wrong.");
            }
            if (e.code() == ErrorCode.CONFLICT && !is(Defect.FAILS_ON_CONFLICT)) {
                return Provisioning.inProgress(null);
            }
            throw e;
        }
    }

    private Provisioning provision(String name, String operation) {
        List<Optional<Thing>> found = read(name, is(Defect.MAKES_UNREAD));
        if (!is(Defect.TAKES_WHAT_IS_FOREIGN)
                && found.stream().flatMap(Optional::stream).anyMatch(thing -> !thing.isOurs())) {
            return Provisioning.failed("It belongs to somebody else.");
        }
        if (is(Defect.REFUSES_WHO_WAS_REMOVED) && removed.contains(name)) {
            return Provisioning.failed("It was removed.");
        }
        if (is(Defect.KEEPS_OPERATIONS_IN_MEMORY) && operation != null && !operations.contains(operation)) {
            return Provisioning.failed("The operation is not known.");
        }
        if (is(Defect.TAKES_A_LONE_NETWORK_FOR_READY) && found.get(1).isPresent()) {
            return ready(name);
        }
        if (is(Defect.REPLACES_WHAT_IS_READY) && found.get(2).isPresent()) {
            cloud.delete(name + "/cluster");
            cloud.create(name + "/cluster");
        }
        operations.add("op");
        boolean complete = true;
        for (int step = 0; step < STEPS.size(); step++) {
            if (found.get(step).isEmpty()) {
                cloud.create(name + "/" + STEPS.get(step));
                complete = false;
            }
        }
        Provisioning answer = complete ? ready(name) : Provisioning.inProgress("op");
        return is(Defect.OVERLONG_MESSAGE) ? answer.withMessage("x".repeat(1_001)) : answer;
    }

    @Override
    public Provisioning status(StatusRequest request) {
        String name = request.name();
        List<Optional<Thing>> found;
        try {
            found = read(name, false);
        } catch (OpenCraneException e) {
            if (is(Defect.UNREADABLE_IS_ABSENT)) {
                return Provisioning.absent();
            }
            throw e;
        }
        if (is(Defect.STATUS_MAKES_THINGS) && found.get(2).isPresent()) {
            cloud.create(name + "/probe");
            cloud.delete(name + "/probe");
        }
        if (found.get(2).filter(Thing::isOurs).isPresent()) {
            return ready(name);
        }
        boolean begun = found.get(1).filter(Thing::isOurs).isPresent();
        return begun || is(Defect.STRANGERS_ARE_IN_PROGRESS) && found.get(0).isEmpty()
                ? Provisioning.inProgress("op")
                : Provisioning.absent();
    }

    @Override
    public Provisioning deprovision(DeprovisionRequest request) {
        try {
            return deprovision(request.name(), request.retainState());
        } catch (OpenCraneException e) {
            if (is(Defect.GIVES_UP_ON_FAILURES_OF_DEPROVISION) && e.isRetryable()) {
                return Provisioning.failed("Something went wrong.");
            }
            if (e.code() == ErrorCode.CONFLICT && !is(Defect.FAILS_ON_CONFLICT)) {
                return Provisioning.inProgress(null);
            }
            throw e;
        }
    }

    private Provisioning deprovision(String name, boolean retainState) {
        List<Optional<Thing>> found = read(name, is(Defect.REMOVES_UNREAD));
        if (!retainState) {
            removed.add(name);
        }
        if (is(Defect.FAILS_WHEN_NOTHING_IS_LEFT) && found.stream().allMatch(Optional::isEmpty)) {
            return Provisioning.failed("There is nothing.");
        }
        if (is(Defect.STOPS_REMOVING_WITHOUT_CLUSTER) && found.get(2).isEmpty()) {
            return Provisioning.absent();
        }
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
        if (!is(Defect.REMOVES_IN_ORDER_OF_CREATION)) {
            Collections.reverse(order);
        }
        for (int step : order) {
            boolean keep = step == 0 && (retainState && !is(Defect.DROPS_DATA) || is(Defect.KEEPS_DATA_FOR_EVER));
            if (!keep && found.get(step).filter(this::mayGo).isPresent()) {
                cloud.delete(name + "/" + STEPS.get(step));
            }
        }
        if (is(Defect.REMOVES_BY_PREFIX)) {
            cloud.find(name + "-b/network").ifPresent(thing -> cloud.delete(thing.name()));
        }
        return Provisioning.absent();
    }

    private boolean mayGo(Thing thing) {
        return thing.isOurs() || is(Defect.REMOVES_WHAT_IS_FOREIGN);
    }

    /** Careless reading takes what it cannot read for the simple case. */
    private List<Optional<Thing>> read(String name, boolean careless) {
        List<Optional<Thing>> found = new ArrayList<>();
        for (String step : STEPS) {
            try {
                found.add(cloud.find(name + "/" + step));
            } catch (OpenCraneException e) {
                if (!careless) {
                    throw is(Defect.TELLS_ITS_SECRET)
                            ? new OpenCraneException(e.code(), "cloud", "With " + SECRET, Retry.MAY_HELP, e)
                            : e;
                }
                found.add(careless(name, step));
            }
        }
        return found;
    }

    private Optional<Thing> careless(String name, String step) {
        return is(Defect.MAKES_UNREAD)
                ? Optional.empty()
                : Optional.of(new Thing(name + "/" + step, FakeCloud.OURS, "?", Instant.MIN, Instant.MAX));
    }

    private Provisioning ready(String name) {
        if (is(Defect.READY_WITHOUT_KUBECONFIG)) {
            return new Provisioning(Provisioning.State.READY, null, null, null, null, null);
        }
        String secret = is(Defect.NAMES_NO_SECRET) ? "apiVersion: v1" : name;
        Provisioning ready = Provisioning.ready(new SecretKeyRef("opencrane-system", secret, "kubeconfig"));
        return is(Defect.NAMES_NO_NAMESPACE) ? ready.inNamespace("Tenants of " + name) : ready;
    }

    private boolean is(Defect one) {
        return defect == one;
    }
}
