package io.opencrane.testkit.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One server of ours. It runs under a small shell that ends it when our end of its standard input closes: also when this JVM is killed,
 * so that nothing is left behind, and without a shutdown hook.
 */
final class ServerProcess {
    private static final String TIED_TO_INPUT =
            "exec 3<&0; \"$0\" \"$@\" </dev/null 3<&- & server=$!; { cat <&3 >/dev/null; kill $server 2>/dev/null; } & wait $server";
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int TAIL_LINES = 15;

    private final String name;
    private final Process shell;
    private final Path log;

    private ServerProcess(String name, Process shell, Path log) {
        this.name = name;
        this.shell = shell;
        this.log = log;
    }

    static ServerProcess start(Path directory, Path binary, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", TIED_TO_INPUT, binary.toString()));
        command.addAll(arguments);
        String name = String.valueOf(binary.getFileName());
        Path log = directory.resolve(name + ".log");
        try {
            Process shell = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new ServerProcess(name, shell, log);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What a binary prints when it is asked something and ends. */
    static String outputOf(Path binary, String argument) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(binary.toString(), argument)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    /** Waits a little, or until the server ends, whichever is first. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return shell.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop() {
        List<ProcessHandle> all =
                Stream.concat(shell.descendants(), Stream.of(shell.toHandle())).toList();
        closeInput();
        if (!ended(all)) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean ended(List<ProcessHandle> all) {
        long end = System.nanoTime() + GRACE.toNanos();
        try {
            for (ProcessHandle handle : all) {
                handle.onExit().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException late) {
            return false;
        }
    }

    private void closeInput() {
        try {
            shell.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // The shell ended before us; there is nothing left to tell it.
        }
    }

    String lastWords() {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()));
        } catch (IOException | UncheckedIOException unreadable) {
            return "(no log at " + log + ")";
        }
    }
}
