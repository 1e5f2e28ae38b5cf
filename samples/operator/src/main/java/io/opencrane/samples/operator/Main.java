package io.opencrane.samples.operator;

import io.fabric8.kubernetes.client.Config;
import io.opencrane.api.error.ValidationException;
import io.opencrane.core.settings.Settings;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the operator until a signal ends it (exit code 0), it cannot go on (1), or it is not set up (2). */
public final class Main {
    private Main() {}

    /**
     * Runs the operator.
     *
     * @param args {@code --install-crds} or nothing; see the README for the environment
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        Settings settings;
        HostOptions options;
        Config kubernetes;
        try {
            settings = Settings.fromEnvironment();
            options = HostOptions.parse(List.of(args), System.getenv(), settings.scope());
            kubernetes = kubernetes();
        } catch (ValidationException | IllegalArgumentException e) {
            System.err.println("FAILED: " + e.getMessage());
            return 2;
        }
        AtomicInteger code = new AtomicInteger();
        try {
            OperatorHost host = new OperatorHost(settings, options, kubernetes);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(host, code.get()), "close"));
            host.start();
            System.err.println("FAILED: " + host.awaitEnd());
        } catch (Exception e) {
            System.err.println("FAILED: " + messages(e));
        }
        code.set(1);
        return 1;
    }

    private static Config kubernetes() {
        try {
            return Config.autoConfigure(null);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "The kubeconfig cannot be parsed; why is left out because it may quote a credential.", e);
        }
    }

    /** A signal would end the JVM with 143 after an orderly stop. Its code is 0, and was read before closing looks like a lost lease. */
    private static void close(OperatorHost host, int code) {
        host.close();
        Runtime.getRuntime().halt(code);
    }

    private static String messages(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.joining(" <- "));
    }
}
