package io.opencrane.it.budget;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Measures how long calls of a port take. For one thread. */
final class Stopwatch {
    private long calls;
    private long nanos;

    <T> T around(Class<T> port, T target) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, given) -> {
                    long start = System.nanoTime();
                    try {
                        return method.invoke(target, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        nanos += System.nanoTime() - start;
                        calls++;
                    }
                }));
    }

    void reset() {
        calls = 0;
        nanos = 0;
    }

    long calls() {
        return calls;
    }

    double millis() {
        return nanos / 1e6;
    }
}
