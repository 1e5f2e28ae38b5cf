package io.opencrane.it.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real one, from the PATH. */
final class Kubectl {
    private Kubectl() {}

    static void require() {
        boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Path.of(directory, "kubectl").toFile().canExecute());
        if (!found) {
            String reason = "kubectl is not on the PATH: the operator's runbook was NOT tested.";
            System.err.println(reason);
            abort(reason);
        }
    }

    static String run(Path kubeconfig, String namespace, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
        command.addAll(List.of(arguments));
        return run(new ProcessBuilder(command), input);
    }

    /** As somebody types it at a prompt. */
    static String bash(Path kubeconfig, String commands) throws IOException, InterruptedException {
        ProcessBuilder bash = new ProcessBuilder("bash", "-eu");
        bash.environment().put("KUBECONFIG", kubeconfig.toString());
        return run(bash, commands);
    }

    private static String run(ProcessBuilder builder, String input) throws IOException, InterruptedException {
        List<String> command = builder.command();
        Process process = builder.redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
        return output;
    }
}
