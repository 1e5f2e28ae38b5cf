package io.opencrane.testkit.provisioner;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.testkit.provisioner.FakeCloud.Thing;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A provisioner of one step, without data, operations or waiting: what it does not have holds by itself. */
class PlainProvisionerTckTest extends ClusterTenantProvisionerTck {
    @Override
    protected ProvisionerUnderTest start() {
        return new FakeWorld((clock, cloud) -> new Plain(cloud));
    }

    private record Plain(FakeCloud cloud) implements ClusterTenantProvisioner {
        @Override
        public String id() {
            return "plain";
        }

        @Override
        public ProvisionerCapabilities capabilities() {
            return new ProvisionerCapabilities(Set.of(IsolationTier.DEDICATED_CLUSTER), false, Duration.ofHours(1));
        }

        @Override
        public Provisioning provision(ProvisionRequest request) {
            Optional<Thing> found = cloud.find(cluster(request.name()));
            if (found.isEmpty()) {
                try {
                    cloud.create(cluster(request.name()));
                } catch (OpenCraneException e) {
                    if (e.code() != ErrorCode.CONFLICT) {
                        throw e;
                    }
                }
                return Provisioning.inProgress(null);
            }
            return found.get().isOurs() ? ready(request.name()) : Provisioning.failed("The name is taken.");
        }

        @Override
        public Provisioning status(StatusRequest request) {
            return cloud.find(cluster(request.name()))
                    .filter(Thing::isOurs)
                    .map(found -> ready(request.name()))
                    .orElse(Provisioning.absent());
        }

        @Override
        public Provisioning deprovision(DeprovisionRequest request) {
            if (cloud.find(cluster(request.name())).filter(Thing::isOurs).isEmpty()) {
                return Provisioning.absent();
            }
            try {
                cloud.delete(cluster(request.name()));
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.CONFLICT) {
                    throw e;
                }
            }
            return Provisioning.inProgress(null);
        }

        private static String cluster(String customer) {
            return customer + "/cluster";
        }

        private static Provisioning ready(String customer) {
            return Provisioning.ready(new SecretKeyRef("opencrane-system", customer, "kubeconfig"));
        }
    }
}
