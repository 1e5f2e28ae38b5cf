package io.opencrane.testkit.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.opencrane.testkit.provisioner.StepProvisioner.Defect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract test can fail: what is wrong with a provisioner is found by the case that is about it. */
class ClusterTenantProvisionerTckTest {
    /** The cases on a provisioner with a defect. Not run by itself. */
    private static final class Cases extends ClusterTenantProvisionerTck {
        private final Defect defect;

        Cases(Defect defect) {
            this.defect = defect;
        }

        @Override
        protected ProvisionerUnderTest start() {
            return new FakeWorld((clock, cloud) -> new StepProvisioner(cloud, defect));
        }
    }

    @TestFactory
    Stream<DynamicTest> eachDefectIsFoundByItsCasesAndNoOther() {
        return Stream.of(Defect.values())
                .map(defect -> dynamicTest(
                        defect.name(), () -> assertThat(failures(defect)).isEqualTo(defect.foundBy())));
    }

    @Test
    void everyCaseFindsSomething() {
        assertThat(Stream.of(Defect.values()).flatMap(defect -> defect.foundBy().stream()))
                .containsAll(cases().stream().map(Method::getName).toList());
    }

    private static Set<String> failures(Defect defect) {
        Set<String> failures = new TreeSet<>();
        for (Method test : cases()) {
            try {
                test.setAccessible(true);
                test.invoke(new Cases(defect));
            } catch (InvocationTargetException e) {
                failures.add(test.getName());
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
        return failures;
    }

    private static List<Method> cases() {
        List<Method> cases = new ArrayList<>();
        for (Class<?> type = Cases.class; type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    cases.add(method);
                }
            }
        }
        return cases;
    }
}
