package io.opencrane.testkit.fault;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of wrapped ports and makes some of them fail. Several ports wrapped by the same object share one count, so "the k-th
 * outside call" means the k-th of a whole scenario. Thread-safe.
 *
 * <pre>{@code
 * Faults faults = new Faults();
 * ObjectStore objects = faults.wrap(ObjectStore.class, cluster.objects());
 * faults.failWhile(call -> call.is(ObjectStore.class, "get")
 *         && call.argument(ObjectRef.class).filter(ref -> ref.type().equals(ObjectType.SECRET)).isPresent(), Failure.FORBIDDEN);
 * }</pre>
 */
public final class Faults {
    private static final Object[] NO_ARGUMENTS = {};

    private final List<Call> calls = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private @Nullable String crash;

    /** Whether a failing call has taken effect. */
    public enum Moment {
        /** It has not: the request was lost. */
        BEFORE,
        /** It has: the answer was lost. */
        AFTER
    }

    /** One source of failures; crash when failure is null. */
    private record Rule(
            Predicate<Call> matches,
            Moment moment,
            @Nullable Failure failure) {}

    /** Faults that let everything pass until told otherwise. */
    public Faults() {}

    /**
     * Puts these faults between a caller and a port. What a port hands out that is a port itself (a cluster's resources, a cursor) is
     * wrapped too; handing out something that cannot fail by itself does not count as a call.
     *
     * @param port the port's interface
     * @param target the real thing
     * @param <T> the port
     * @return a port that may fail
     */
    public <T> T wrap(Class<T> port, T target) {
        Objects.requireNonNull(target, "target");
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object[] given = arguments == null ? NO_ARGUMENTS : arguments;
            if (method.getDeclaringClass() == Object.class) {
                return ofObject(port, proxy, method, given);
            }
            return isOutsideCall(method)
                    ? call(port, target, method, given)
                    : wrapped(method, invoke(target, method, given));
        };
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler));
    }

    /**
     * Makes the k-th call from the beginning of the count fail.
     *
     * @param number which call, from 1
     * @param moment whether it takes effect first
     * @param failure how it fails
     * @return this
     */
    public synchronized Faults failCall(int number, Moment moment, Failure failure) {
        rules.add(new Rule(call -> call.number() == number, moment, failure));
        return this;
    }

    /**
     * Makes calls fail, before they take effect, until {@link #clear}.
     *
     * @param matches which calls
     * @param failure how they fail
     * @return this
     */
    public Faults failWhile(Predicate<Call> matches, Failure failure) {
        return failWhile(matches, Moment.BEFORE, failure);
    }

    /**
     * Makes calls fail until {@link #clear}.
     *
     * @param matches which calls
     * @param moment whether they take effect first
     * @param failure how they fail
     * @return this
     */
    public synchronized Faults failWhile(Predicate<Call> matches, Moment moment, Failure failure) {
        rules.add(new Rule(matches, moment, failure));
        return this;
    }

    /**
     * Ends the process at the k-th call: it throws {@link SimulatedCrash}, and so does every call after it until {@link #restart}.
     *
     * @param number which call, from 1
     * @param moment whether it takes effect first
     * @return this
     */
    public synchronized Faults crashAtCall(int number, Moment moment) {
        rules.add(new Rule(call -> call.number() == number, moment, null));
        return this;
    }

    /**
     * Takes all failures away; a crashed process stays crashed.
     *
     * @return this
     */
    public synchronized Faults clear() {
        rules.clear();
        return this;
    }

    /**
     * A new process: takes all failures away, and counts from 1 again.
     *
     * @return this
     */
    public synchronized Faults restart() {
        rules.clear();
        calls.clear();
        crash = null;
        return this;
    }

    /**
     * The calls so far, in order.
     *
     * @return a copy
     */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /**
     * Whether the process has crashed and not been restarted.
     *
     * @return true after a {@link SimulatedCrash}
     */
    public synchronized boolean hasCrashed() {
        return crash != null;
    }

    private @Nullable Object call(Class<?> port, Object target, Method method, Object[] arguments) throws Throwable {
        Call call = count(port, method, arguments);
        failIfTold(call, Moment.BEFORE);
        Object result = invoke(target, method, arguments);
        failIfTold(call, Moment.AFTER);
        return wrapped(method, result);
    }

    private synchronized Call count(Class<?> port, Method method, Object[] arguments) {
        if (crash != null) {
            throw new SimulatedCrash(crash);
        }
        Call call = Call.of(calls.size() + 1, port, method.getName(), arguments);
        calls.add(call);
        return call;
    }

    private synchronized void failIfTold(Call call, Moment moment) {
        for (Rule rule : rules) {
            if (rule.moment() == moment && rule.matches().test(call)) {
                if (rule.failure() != null) {
                    throw rule.failure().asException(call.toString());
                }
                crash = (moment == Moment.BEFORE ? "before " : "after ") + call;
                throw new SimulatedCrash(crash);
            }
        }
    }

    private @Nullable Object wrapped(Method method, @Nullable Object result) {
        return result != null && isPort(method.getReturnType())
                ? wrapUnchecked(method.getReturnType(), result)
                : result;
    }

    private <T> T wrapUnchecked(Class<T> port, Object target) {
        return wrap(port, port.cast(target));
    }

    /** Closing is not a step of anything, and getting a part of a port is no request; a cursor is one. */
    private static boolean isOutsideCall(Method method) {
        boolean navigates =
                isPort(method.getReturnType()) && !AutoCloseable.class.isAssignableFrom(method.getReturnType());
        boolean tells = method.getParameterCount() == 0
                && method.getReturnType().getSimpleName().endsWith("Scope");
        return !navigates && !tells && !method.getName().equals("close");
    }

    private static boolean isPort(Class<?> type) {
        return type.isInterface() && type.getName().startsWith("io.opencrane.");
    }

    private static @Nullable Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNullElse(e.getCause(), e);
        }
    }

    private static Object ofObject(Class<?> port, Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> port.getSimpleName() + " with faults";
        };
    }
}
