package io.opencrane.samples.dedicatedcluster;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.samples.dedicatedcluster.AcmeCloud.Part;
import java.util.List;
import java.util.Optional;

/** Clusters at Acme. Every call reads, decides and takes the steps that are missing; nothing is remembered, so any process goes on. */
public record AcmeClusters(AcmeCloud cloud, KubeconfigSecrets secrets) implements ClusterTenantProvisioner {
    public AcmeClusters() {
        this(InMemoryAcme.demo(), new InMemorySecrets());
    }

    public String id() {
        return "acme";
    }

    public ProvisionerCapabilities capabilities() {
        return ProvisionerCapabilities.dedicatedClusters();
    }

    public Provisioning provision(ProvisionRequest request) {
        List<String> names = List.of("net-" + request.name(), "disk-" + request.name(), "cluster-" + request.name());
        List<Optional<Part>> found = names.stream().map(cloud::find).toList();
        if (!found.stream().flatMap(Optional::stream).allMatch(Part::isOurs)) {
            return Provisioning.failed("Something with this customer's name at Acme was not made by OpenCrane.");
        }
        for (int i = 0; i < names.size(); i++) {
            Part part = found.get(i).isPresent() ? found.get(i).get() : cloud.create(names.get(i));
            if (!part.isReady()) {
                return waiting(part);
            }
        }
        if (!secrets.exists(secret(request.name()))) {
            secrets.create(secret(request.name()), cloud.kubeconfig("cluster-" + request.name()));
        }
        return Provisioning.ready(secret(request.name()));
    }

    public Provisioning status(StatusRequest request) {
        Optional<Part> cluster = cloud.find("cluster-" + request.name()).filter(Part::isOurs);
        if (cluster.filter(Part::isReady).isPresent() && secrets.exists(secret(request.name()))) {
            return Provisioning.ready(secret(request.name()));
        }
        Optional<Part> any =
                cluster.or(() -> cloud.find("net-" + request.name()).filter(Part::isOurs));
        return any.map(AcmeClusters::waiting).orElse(Provisioning.absent());
    }

    public Provisioning deprovision(DeprovisionRequest request) {
        if (secrets.exists(secret(request.name()))) {
            secrets.delete(secret(request.name()));
        }
        for (String kind : List.of("cluster-", "disk-", "net-")) {
            Optional<Part> part = cloud.find(kind + request.name()).filter(Part::isOurs);
            if (part.isPresent() && !(kind.equals("disk-") && request.retainState())) {
                part.filter(found -> !found.isGoing()).ifPresent(found -> cloud.delete(kind + request.name()));
                return Provisioning.inProgress(part.get().operation()); // the next call reads whether it is gone
            }
        }
        return Provisioning.absent();
    }

    private static Provisioning waiting(Part part) {
        return part.isBroken()
                ? Provisioning.failed("Acme says that it is broken; see its operation " + part.operation() + ".")
                : Provisioning.inProgress(part.operation());
    }

    private static SecretKeyRef secret(String customer) {
        return new SecretKeyRef("opencrane-system", "acme-" + customer, "kubeconfig");
    }
}
