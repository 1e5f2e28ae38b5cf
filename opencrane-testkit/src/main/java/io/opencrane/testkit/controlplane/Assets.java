package io.opencrane.testkit.controlplane;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A directory of control-plane binaries, in the layout of envtest. */
record Assets(Path directory) {
    static final String VARIABLE = "KUBEBUILDER_ASSETS";
    static final String HOW_TO_SET =
            "Set " + VARIABLE + " to a directory that holds etcd and kube-apiserver (and, for tests of Pods,"
                    + " quota, garbage collection or namespace deletion, kube-controller-manager), for example: export "
                    + VARIABLE
                    + "=\"$(setup-envtest use -p path)\"";

    static Optional<Assets> in(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(VARIABLE))
                .filter(value -> !value.isBlank())
                .map(value -> new Assets(Path.of(value)));
    }

    /** Before anything starts, or a directory is made. */
    void requireComplete() {
        etcd();
        apiServer();
    }

    Path etcd() {
        return binary("etcd");
    }

    Path apiServer() {
        return binary("kube-apiserver");
    }

    Path controllerManager() {
        return binary("kube-controller-manager");
    }

    boolean hasControllerManager() {
        return Files.isExecutable(directory.resolve("kube-controller-manager"));
    }

    private Path binary(String name) {
        Path path = directory.resolve(name).toAbsolutePath();
        if (!Files.isExecutable(path)) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    VARIABLE,
                    "There is no executable " + path + ". " + HOW_TO_SET);
        }
        return path;
    }
}
