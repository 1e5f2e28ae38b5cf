package io.opencrane.core.budget;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Counts the calls through ports and cuts one of them, before or after it takes effect. */
final class CutWire {
    private final int cutAt;
    private final boolean afterEffect;
    int calls;

    CutWire(int cutAt, boolean afterEffect) {
        this.cutAt = cutAt;
        this.afterEffect = afterEffect;
    }

    static final class Cut extends RuntimeException {}

    <T> T through(Class<T> port, T target) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, args) -> {
            boolean cut = ++calls == cutAt;
            if (cut && !afterEffect) {
                throw new Cut();
            }
            try {
                Object result = method.invoke(target, args);
                if (cut) {
                    throw new Cut();
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
