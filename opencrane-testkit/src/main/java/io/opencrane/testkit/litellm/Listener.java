package io.opencrane.testkit.litellm;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** An HTTP server on the loopback interface that can stop and start on one port. Thread-safe. */
final class Listener {
    private final HttpHandler handler;
    private final InetSocketAddress address;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService executor;

    /** Takes connections at once; port 0 is any free one. */
    Listener(HttpHandler handler, int port) {
        this.handler = handler;
        this.address = open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** For example {@code http://127.0.0.1:40123}. */
    String url() {
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    synchronized void start() {
        if (server == null) {
            open(address);
        }
    }

    synchronized void stop() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }

    private InetSocketAddress open(InetSocketAddress wanted) {
        try {
            HttpServer opened = HttpServer.create(wanted, 0);
            ExecutorService threads = Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "fake-litellm");
                thread.setDaemon(true);
                return thread;
            });
            opened.setExecutor(threads);
            opened.createContext("/", handler);
            opened.start();
            server = opened;
            executor = threads;
            return opened.getAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The fake LiteLLM cannot listen on " + wanted.getAddress().getHostAddress() + ":" + wanted.getPort()
                            + ".",
                    e);
        }
    }
}
