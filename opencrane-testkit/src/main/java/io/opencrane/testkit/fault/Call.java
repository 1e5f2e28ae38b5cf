package io.opencrane.testkit.fault;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One call of a wrapped port. Its text holds no argument, because an argument may hold a secret.
 *
 * @param number its number among all calls through the same {@link Faults}, from 1
 * @param port the port, for example {@code ObjectStore.class}
 * @param method the method's name, for example {@code get}
 * @param arguments what it was called with; unmodifiable, and an argument may be null
 */
public record Call(int number, Class<?> port, String method, List<Object> arguments) {
    static Call of(int number, Class<?> port, String method, Object[] arguments) {
        return new Call(number, port, method, Collections.unmodifiableList(Arrays.asList(arguments.clone())));
    }

    /**
     * Whether it is a call of this method.
     *
     * @param portType the port
     * @param name the method's name
     * @return true if it is
     */
    public boolean is(Class<?> portType, String name) {
        return port == portType && method.equals(name);
    }

    /**
     * The first argument of a type, to look at in a predicate: {@code call.argument(ObjectRef.class)}.
     *
     * @param type the type looked for
     * @param <T> the type looked for
     * @return the argument, or empty if there is none
     */
    public <T> Optional<T> argument(Class<T> type) {
        return arguments.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    @Override
    public String toString() {
        return "call " + number + ", " + port.getSimpleName() + "." + method;
    }
}
