package io.opencrane.testkit.controlplane;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * A real Kubernetes control plane on loopback: etcd, kube-apiserver and, where the binary is present, kube-controller-manager. There are
 * no nodes: Pods stay Pending until a test patches their status. RBAC is on and the administrator's token is in the kubeconfig. Ports are
 * free ones; several can run at once. Thread-safe.
 *
 * <p>Whoever starts it closes it ({@link ControlPlaneTest} does that for tests). There is no shutdown hook; the servers also end when the
 * JVM is killed, leaving only their directory behind.
 *
 * @see <a href="https://book.kubebuilder.io/reference/envtest.html">envtest, whose binaries are used</a>
 */
public final class ControlPlane implements AutoCloseable {
    private final Servers servers;

    private ControlPlane(Servers servers) {
        this.servers = servers;
    }

    /**
     * Starts one from the binaries that the environment variable {@code KUBEBUILDER_ASSETS} names. Takes some seconds.
     *
     * @return a control plane that is ready
     * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if the variable is not set or a binary is missing,
     *     {@code UPSTREAM_ERROR} if a server ends or {@code TIMEOUT} if it does not become ready; the message says where the logs are
     */
    public static ControlPlane start() {
        return start(Assets.in(System.getenv())
                .orElseThrow(() -> new OpenCraneException(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED, Assets.VARIABLE, "It is not set. " + Assets.HOW_TO_SET)));
    }

    /**
     * Starts one from a directory of binaries. Takes some seconds.
     *
     * @param assets the directory, in the layout of envtest
     * @return a control plane that is ready
     * @throws OpenCraneException as {@link #start()}
     */
    public static ControlPlane start(Path assets) {
        return start(new Assets(assets));
    }

    static ControlPlane start(Assets assets) {
        assets.requireComplete();
        Servers servers = new Servers(assets);
        try {
            servers.start();
            return new ControlPlane(servers);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            servers.stop();
            throw new OpenCraneException(
                    ErrorCode.TIMEOUT, "control plane", "Interrupted while it started.", Retry.MAY_HELP, stop);
        } catch (IOException failed) {
            servers.stop();
            throw new UncheckedIOException(failed);
        } catch (RuntimeException failed) {
            servers.stop();
            throw failed;
        }
    }

    /**
     * The administrator's kubeconfig, as a file that is gone after {@link #close()}.
     *
     * @return its path
     */
    public Path kubeconfig() {
        return servers.kubeconfig();
    }

    /**
     * The administrator's kubeconfig. It holds a credential, of this control plane alone.
     *
     * @return YAML
     */
    public String kubeconfigYaml() {
        return servers.kubeconfigYaml();
    }

    /**
     * Where the API server listens.
     *
     * @return an https address on loopback
     */
    public URI server() {
        return servers.address();
    }

    /**
     * Whether Deployments make Pods, owners' children are collected, quota is counted and namespaces go away.
     *
     * @return true when kube-controller-manager runs
     */
    public boolean hasControllerManager() {
        return servers.hasControllerManager();
    }

    /**
     * Stops its servers and deletes its directory; when a server had ended by itself, the directory with the logs stays. Does nothing the
     * second time.
     */
    @Override
    public void close() {
        servers.close();
    }

    /**
     * Names the address without the credential.
     *
     * @return for example {@code ControlPlane[https://127.0.0.1:40123]}
     */
    @Override
    public String toString() {
        return "ControlPlane[" + server() + "]";
    }
}
