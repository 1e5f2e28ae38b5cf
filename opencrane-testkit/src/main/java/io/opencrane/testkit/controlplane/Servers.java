package io.opencrane.testkit.controlplane;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The servers of one control plane, their directory, and the order in which they start and stop. */
final class Servers {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Assets assets;
    private final Path directory;
    private final Credentials credentials = Credentials.create();
    private final Deque<ServerProcess> running = new ArrayDeque<>();
    private final URI etcd;
    private final URI etcdPeers;
    private final URI address;
    private @Nullable String kubeconfigYaml;
    private boolean stopped;

    Servers(Assets assets) {
        this.assets = assets;
        try {
            List<Integer> ports = freePorts(3);
            etcd = URI.create("http://127.0.0.1:" + ports.get(0));
            etcdPeers = URI.create("http://127.0.0.1:" + ports.get(1));
            address = URI.create("https://127.0.0.1:" + ports.get(2));
            directory = Files.createTempDirectory("opencrane-control-plane-");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void start() throws InterruptedException, IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Files.writeString(file("sa.key"), Credentials.serviceAccountKeyPem());
        Files.writeString(file("tokens.csv"), credentials.tokensCsv());
        launch(assets.etcd(), etcdArguments());
        ServerProcess apiServer = launch(assets.apiServer(), apiServerArguments());
        // The key is written after the certificate: once it is there, the certificate is whole.
        Path key = file("certs/apiserver.key");
        await(apiServer, "write its certificate", end, () -> Files.exists(key) && Files.size(key) > 0);
        String certificates = Files.readString(file("certs/apiserver.crt"));
        String yaml = credentials.kubeconfig(address, certificates);
        kubeconfigYaml = yaml;
        Files.writeString(kubeconfig(), yaml);
        ApiServerProbe probe = new ApiServerProbe(address, credentials.token(), certificates);
        await(apiServer, "become ready", end, () -> probe.answersOk("/readyz"));
        if (hasControllerManager()) {
            ServerProcess manager = launch(assets.controllerManager(), controllerManagerArguments());
            // No Pod is admitted before the controller manager made this one.
            String account = "/api/v1/namespaces/default/serviceaccounts/default";
            await(manager, "make the default service account", end, () -> probe.answersOk(account));
        }
    }

    private ServerProcess launch(Path binary, List<String> arguments) {
        ServerProcess server = ServerProcess.start(directory, binary, arguments);
        running.push(server);
        return server;
    }

    private void await(ServerProcess server, String what, long end, Check check)
            throws InterruptedException, IOException {
        while (!check.holds()) {
            boolean late = System.nanoTime() > end;
            if (server.endsWithin(BETWEEN_LOOKS) || late) {
                throw new OpenCraneException(
                        late ? ErrorCode.TIMEOUT : ErrorCode.UPSTREAM_ERROR,
                        server.name(),
                        "It did not " + what + ". Its log is in " + directory + " and ends with:\n"
                                + server.lastWords(),
                        Retry.MAY_HELP,
                        null);
            }
        }
    }

    private List<String> etcdArguments() {
        return List.of(
                "--data-dir=etcd-data",
                "--listen-client-urls=" + etcd,
                "--advertise-client-urls=" + etcd,
                "--listen-peer-urls=" + etcdPeers,
                // Nothing here outlives a test run, so durability would only cost time.
                "--unsafe-no-fsync");
    }

    private List<String> apiServerArguments() {
        return List.of(
                "--etcd-servers=" + etcd,
                "--cert-dir=" + file("certs"),
                "--bind-address=127.0.0.1",
                "--secure-port=" + address.getPort(),
                "--service-account-key-file=sa.key",
                "--service-account-signing-key-file=sa.key",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--api-audiences=https://kubernetes.default.svc",
                "--token-auth-file=tokens.csv",
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.0.0.0/16",
                "--allow-privileged=true",
                "--max-requests-inflight=3000",
                "--max-mutating-requests-inflight=1500");
    }

    private List<String> controllerManagerArguments() throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "--kubeconfig=" + kubeconfig(),
                "--service-account-private-key-file=sa.key",
                "--leader-elect=false",
                "--secure-port=0",
                "--controllers=*,-nodelifecycle,-nodeipam,-route,-service"));
        if (ServerProcess.outputOf(assets.controllerManager(), "--help").contains("--port int")) {
            // Old ones also listen on a fixed insecure port, on which two of them would meet.
            arguments.add("--port=0");
        }
        return arguments;
    }

    Path kubeconfig() {
        return file("kubeconfig");
    }

    String kubeconfigYaml() {
        if (kubeconfigYaml == null) {
            throw new IllegalStateException("The control plane did not start.");
        }
        return kubeconfigYaml;
    }

    URI address() {
        return address;
    }

    boolean hasControllerManager() {
        return assets.hasControllerManager();
    }

    /** Stops what runs, last started first, and leaves the directory. */
    synchronized void stop() {
        stopped = true;
        while (!running.isEmpty()) {
            running.pop().stop();
        }
    }

    synchronized void close() {
        if (stopped) {
            return;
        }
        boolean healthy = running.stream().allMatch(ServerProcess::isAlive);
        stop();
        if (healthy) {
            delete();
        }
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static List<Integer> freePorts(int count) throws IOException {
        // Held together until all are chosen, so that they differ.
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private interface Check {
        boolean holds() throws InterruptedException, IOException;
    }
}
