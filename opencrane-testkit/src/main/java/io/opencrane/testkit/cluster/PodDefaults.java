package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What 1.20 writes into a pod template or a pod that says nothing. */
final class PodDefaults {
    private static final int FILE_MODE = 0644;

    private PodDefaults() {}

    static void template(ObjectNode template) {
        ObjectNode metadata = Json.metadata(template);
        if (!metadata.has("creationTimestamp")) {
            metadata.putNull("creationTimestamp");
        }
        spec(Json.child(template, "spec"));
    }

    static void spec(ObjectNode spec) {
        Json.setIfMissing(spec, "dnsPolicy", "ClusterFirst");
        Json.setIfMissing(spec, "restartPolicy", "Always");
        Json.setIfMissing(spec, "schedulerName", "default-scheduler");
        Json.setIfMissing(spec, "terminationGracePeriodSeconds", 30);
        Json.child(spec, "securityContext");
        mirror(spec, "serviceAccountName", "serviceAccount");
        for (String list : List.of("initContainers", "containers")) {
            Json.objects(spec.path(list)).forEach(PodDefaults::container);
        }
        Json.objects(spec.path("volumes")).forEach(PodDefaults::volume);
    }

    private static void mirror(ObjectNode spec, String name, String deprecated) {
        if (spec.has(name)) {
            spec.set(deprecated, spec.get(name));
        } else if (spec.has(deprecated)) {
            spec.set(name, spec.get(deprecated));
        }
    }

    private static void container(ObjectNode container) {
        String image = Json.text(container, "image");
        String afterHost = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = !image.contains("@") && (!afterHost.contains(":") || afterHost.endsWith(":latest"));
        Json.setIfMissing(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
        Json.setIfMissing(container, "terminationMessagePath", "/dev/termination-log");
        Json.setIfMissing(container, "terminationMessagePolicy", "File");
        Json.child(container, "resources");
        Json.objects(container.path("ports")).forEach(port -> Json.setIfMissing(port, "protocol", "TCP"));
        for (ObjectNode variable : Json.objects(container.path("env"))) {
            if (variable.path("valueFrom").path("fieldRef") instanceof ObjectNode field) {
                Json.setIfMissing(field, "apiVersion", "v1");
            }
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode there) {
                probe(there);
            }
        }
    }

    private static void probe(ObjectNode probe) {
        Json.setIfMissing(probe, "timeoutSeconds", 1);
        Json.setIfMissing(probe, "periodSeconds", 10);
        Json.setIfMissing(probe, "successThreshold", 1);
        Json.setIfMissing(probe, "failureThreshold", 3);
        if (probe.get("httpGet") instanceof ObjectNode get) {
            Json.setIfMissing(get, "path", "/");
            Json.setIfMissing(get, "scheme", "HTTP");
        }
    }

    private static void volume(ObjectNode volume) {
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            if (volume.get(source) instanceof ObjectNode there) {
                Json.setIfMissing(there, "defaultMode", FILE_MODE);
            }
        }
        for (JsonNode source : volume.path("projected").path("sources")) {
            if (source.get("serviceAccountToken") instanceof ObjectNode token) {
                Json.setIfMissing(token, "expirationSeconds", 3600);
            }
        }
        if (volume.size() == 1) {
            volume.putObject("emptyDir");
        }
    }
}
