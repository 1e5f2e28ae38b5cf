package io.opencrane.testkit;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The JUnit side of {@link OpenCraneTest}: one instance for each test, its constructor included, closed with the test. Keeps no state of
 * its own.
 */
public final class OpenCraneExtension implements ParameterResolver {
    /** For JUnit. */
    public OpenCraneExtension() {}

    /** A constructor belongs to the test it is called for, not to the class. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TestInstance.PARTS.contains(parameter.getParameter().getType().getName());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "Each test has an OpenCrane instance of its own: ask for its parts in test methods, @BeforeEach or @AfterEach,"
                            + " not in @BeforeAll or @AfterAll, nor in the constructor of a PER_CLASS test.");
        }
        Optional<OpenCraneTest> wish = wish(context.getRequiredTestClass());
        boolean liteLlm = wish.filter(OpenCraneTest::liteLlm).isPresent();
        boolean platform = wish.filter(OpenCraneTest::platform).isPresent();
        TestInstance instance = context.getStore(Namespace.create(OpenCraneExtension.class, context.getUniqueId()))
                .computeIfAbsent(TestInstance.class, key -> new TestInstance(liteLlm, platform), TestInstance.class);
        Object part = instance.part(parameter.getParameter().getType());
        if (part == null) {
            throw new ParameterResolutionException(
                    TestInstance.isOfThePlatform(parameter.getParameter().getType())
                            ? "This test's instance looks after no customers; write @OpenCraneTest(platform = true)."
                            : "There is no model gateway in this test; write @OpenCraneTest(liteLlm = true).");
        }
        return part;
    }

    /** The nearest annotation counts: a nested class may ask for more than the class around it. */
    private static Optional<OpenCraneTest> wish(Class<?> testClass) {
        for (Class<?> type = testClass; type != null; type = type.getEnclosingClass()) {
            OpenCraneTest annotation = type.getAnnotation(OpenCraneTest.class);
            if (annotation != null) {
                return Optional.of(annotation);
            }
        }
        return Optional.empty();
    }
}
