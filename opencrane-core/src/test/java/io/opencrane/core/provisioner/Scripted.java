package io.opencrane.core.provisioner;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import java.util.function.Supplier;

/** Answers what it is told to. */
class Scripted implements ClusterTenantProvisioner {
    static final SecretKeyRef KUBECONFIG = new SecretKeyRef("opencrane-system", "acme", "kubeconfig");

    private final String id;
    ProvisionerCapabilities capabilities = ProvisionerCapabilities.dedicatedClusters();
    Supplier<Provisioning> answer = () -> Provisioning.ready(KUBECONFIG);

    Scripted(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public ProvisionerCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public Provisioning provision(ProvisionRequest request) {
        return answer.get();
    }

    @Override
    public Provisioning status(StatusRequest request) {
        return answer.get();
    }

    @Override
    public Provisioning deprovision(DeprovisionRequest request) {
        return answer.get();
    }

    /** With the constructor that a ServiceLoader wants. */
    public static final class Found extends Scripted {
        public Found() {
            super("found");
        }
    }
}
