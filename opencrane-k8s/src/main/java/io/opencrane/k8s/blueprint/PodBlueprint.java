package io.opencrane.k8s.blueprint;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.opencrane.api.tenant.ComputeResources;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pod of one tenant (contract §3, Pod). Pure. */
final class PodBlueprint {
    static final String STATE_DIR = "/data/openclaw";
    static final String SECRETS_DIR = "/data/secrets";
    static final String KEY_DIR = "/etc/openclaw/encryption-key";
    static final String TOKENS_DIR = "/var/run/opencrane/tokens";
    static final String CONFIG_DIR = "/config";
    static final String CHANNELS_DIR = "/etc/openclaw/channels";

    private static final long USER = 1000L;
    private static final List<String> AUDIENCES = List.of("obot-gateway", "skill-registry", "control-plane");

    private final BlueprintInput input;
    private final TenantChildren children;

    PodBlueprint(BlueprintInput input) {
        this.input = input;
        this.children = input.children();
    }

    PodSpec spec() {
        PodSpecBuilder pod = new PodSpecBuilder()
                .withServiceAccountName(children.serviceAccount().name())
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container())
                .withVolumes(volumes());
        String pool = input.nodePool();
        if (pool != null) {
            pod.addToNodeSelector("opencrane.io/node-pool", pool)
                    .addNewToleration()
                    .withKey("opencrane.io/dedicated")
                    .withOperator("Equal")
                    .withValue(pool)
                    .withEffect("NoSchedule")
                    .endToleration();
        }
        return pod.build();
    }

    private Container container() {
        return new ContainerBuilder()
                .withName("openclaw")
                .withImage(Image.of(input))
                .addNewPort()
                .withName("gateway")
                .withContainerPort(input.settings().tenants().gatewayPort())
                .withProtocol("TCP")
                .endPort()
                .addNewEnvFrom()
                .withNewSecretRef("org-shared-secrets", true)
                .endEnvFrom()
                .withEnv(PodEnvironment.of(input))
                .withResources(resources())
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withStartupProbe(probe(5, 60))
                .withReadinessProbe(probe(10, 3))
                .withLivenessProbe(probe(20, 3))
                .withVolumeMounts(mounts())
                .build();
    }

    private static Probe probe(int periodSeconds, int failureThreshold) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/healthz")
                .withNewPort("gateway")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withFailureThreshold(failureThreshold)
                .build();
    }

    /**
     * Beside our LimitRange a request above the default limit could never become a pod, so limits follow requests (DECISIONS 19). Without
     * a request there is no limit either: the API server would make the limit the request, and the LimitRange's own request never came.
     */
    private ResourceRequirements resources() {
        ComputeResources requests = input.tenant().spec().resources();
        ComputeResources defaults = input.limitDefaults();
        ResourceRequirementsBuilder resources = new ResourceRequirementsBuilder();
        addRequest(resources, "cpu", requests.cpu());
        addRequest(resources, "memory", requests.memory());
        addLimit(resources, "cpu", requests.cpu(), defaults.cpu());
        addLimit(resources, "memory", requests.memory(), defaults.memory());
        return resources.build();
    }

    private static void addRequest(
            ResourceRequirementsBuilder resources, String name, io.opencrane.api.resource.@Nullable Quantity request) {
        if (request != null) {
            resources.addToRequests(name, new Quantity(request.toString()));
        }
    }

    private static void addLimit(
            ResourceRequirementsBuilder resources,
            String name,
            io.opencrane.api.resource.@Nullable Quantity request,
            io.opencrane.api.resource.@Nullable Quantity limitDefault) {
        if (request != null && limitDefault != null) {
            io.opencrane.api.resource.Quantity limit = request.compareTo(limitDefault) > 0 ? request : limitDefault;
            resources.addToLimits(name, new Quantity(limit.toString()));
        }
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                mount("tenant-storage", STATE_DIR, false),
                mount("config", CONFIG_DIR, true),
                mount("secrets", SECRETS_DIR, false),
                mount("encryption-key", KEY_DIR, true),
                mount("tokens", TOKENS_DIR, true),
                mount("tmp", "/tmp", false)));
        for (String adapter : channelSecrets().keySet()) {
            mounts.add(mount(channelVolume(mounts.size()), CHANNELS_DIR + "/" + adapter, true));
        }
        return mounts;
    }

    /**
     * The Secrets of the channels that have one, by adapter, of two with the same one that of the last, as in the configuration. Volumes
     * are numbered, because an adapter need not be a DNS label.
     */
    private SortedMap<String, String> channelSecrets() {
        SortedMap<String, String> secrets = new TreeMap<>();
        input.tenant().spec().channels().forEach(channel -> {
            if (channel.credentialsSecretName() == null) {
                secrets.remove(channel.adapter());
            } else {
                secrets.put(channel.adapter(), channel.credentialsSecretName());
            }
        });
        return secrets;
    }

    private static String channelVolume(int number) {
        return "channel-" + number;
    }

    private static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly ? true : null)
                .build();
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>(List.of(
                volume("tenant-storage")
                        .withNewPersistentVolumeClaim()
                        .withClaimName(children.state().name())
                        .endPersistentVolumeClaim()
                        .build(),
                volume("config")
                        .withNewConfigMap()
                        .withName(children.config().name())
                        .endConfigMap()
                        .build(),
                volume("secrets")
                        .withNewEmptyDir()
                        .withMedium("Memory")
                        .withSizeLimit(new Quantity("10Mi"))
                        .endEmptyDir()
                        .build(),
                volume("encryption-key")
                        .withNewSecret()
                        .withSecretName(children.encryptionKey().name())
                        .endSecret()
                        .build(),
                volume("tokens")
                        .withNewProjected()
                        .withSources(AUDIENCES.stream().map(this::token).toList())
                        .endProjected()
                        .build(),
                volume("tmp").withNewEmptyDir().endEmptyDir().build()));
        // Optional, so that a channel without its credentials never keeps the pod from starting.
        for (String secret : channelSecrets().values()) {
            volumes.add(volume(channelVolume(volumes.size()))
                    .withNewSecret()
                    .withSecretName(secret)
                    .withOptional(true)
                    .endSecret()
                    .build());
        }
        return volumes;
    }

    private static VolumeBuilder volume(String name) {
        return new VolumeBuilder().withName(name);
    }

    private VolumeProjection token(String audience) {
        return new VolumeProjectionBuilder()
                .withNewServiceAccountToken()
                .withAudience(audience)
                .withExpirationSeconds(
                        input.settings().tenants().projectedTokenTtl().toSeconds())
                .withPath(audience + ".token")
                .endServiceAccountToken()
                .build();
    }
}
