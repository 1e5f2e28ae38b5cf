package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.ComputeMode;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.error.Problem;
import io.opencrane.api.resource.Quantity;
import io.opencrane.core.tenant.Findings;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a customer, all of it at once (contract §2, DECISIONS 10): strictly for what the service writes, narrowly for what a
 * reconcile finds, because customers of the deployed platform and of kubectl need no quota. Pure.
 */
public final class ClusterTenantValidation {
    private static final Pattern BASE_DOMAIN = Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}");
    private static final int MAX_DOMAIN = 253;

    /** Kubernetes counts bytes in 64 bits, and cores in thousandths. */
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final BigDecimal MOST_CORES = BigDecimal.valueOf(Long.MAX_VALUE / 1000);

    private static final Quantity ZERO = Quantity.parse("0");
    private static final Quantity ONE = Quantity.parse("1");

    private ClusterTenantValidation() {}

    /**
     * What is wrong with a customer to create.
     *
     * @param customer the customer
     * @return the problems, in the order of the fields; empty if there is none
     */
    public static List<Problem> problems(NewClusterTenant customer) {
        Findings found = new Findings();
        found.dnsLabel("name", customer.name(), ClusterTenantNames.MAX_LENGTH);
        if (customer.createRequest() != null) {
            found.text("createRequest", customer.createRequest(), 256);
        }
        spec(found, customer.spec());
        return found.all();
    }

    /**
     * What is wrong with a spec that the service is to write.
     *
     * @param spec the spec
     * @return the problems, in the order of the fields, each path beginning with {@code spec.}; empty if there is none
     */
    public static List<Problem> problems(ClusterTenantSpec spec) {
        Findings found = new Findings();
        spec(found, spec);
        return found.all();
    }

    /**
     * What keeps a customer from being carried out at all, its name included.
     *
     * @param customer the customer as read
     * @return the problems, in the order of the fields; empty if there is none
     */
    public static List<Problem> requiredProblems(ClusterTenant customer) {
        Findings found = new Findings();
        found.dnsLabel("metadata.name", customer.metadata().name(), ClusterTenantNames.MAX_LENGTH);
        required(found, customer.spec());
        return found.all();
    }

    /**
     * What keeps a spec from being carried out at all. Whatever the custom resource definition takes and Kubernetes can do is fine.
     *
     * @param spec the spec as read
     * @return the problems, in the order of the fields, each path beginning with {@code spec.}; empty if there is none
     */
    public static List<Problem> requiredProblems(ClusterTenantSpec spec) {
        Findings found = new Findings();
        required(found, spec);
        return found.all();
    }

    private static void required(Findings found, ClusterTenantSpec spec) {
        found.dnsName("spec.baseDomain", spec.baseDomain(), MAX_DOMAIN, "Write a lower-case DNS name.");
        nodePool(found, spec.compute());
        Quota quota = spec.resources().quota();
        notNegative(found, "cpu", amount(quota.cpu()));
        notNegative(found, "memory", amount(quota.memory()));
        notNegative(found, "storage", amount(quota.storage()));
        notNegative(found, "pods", amount(quota.pods()));
        notNegative(found, "gpu", amount(quota.gpu()));
    }

    private static void notNegative(Findings found, String dimension, @Nullable BigDecimal amount) {
        if (amount != null && amount.signum() < 0) {
            found.add("spec.resources.quota." + dimension, Problem.Code.OUT_OF_RANGE, "Allow zero or more.");
        }
    }

    private static void spec(Findings found, ClusterTenantSpec spec) {
        found.text("spec.displayName", spec.displayName(), 256);
        found.form(
                "spec.baseDomain",
                spec.baseDomain(),
                MAX_DOMAIN,
                BASE_DOMAIN,
                "Write a lower-case DNS name with at least one dot and letters only at its end.");
        compute(found, spec);
        quota(found, spec.resources().quota());
    }

    private static void compute(Findings found, ClusterTenantSpec spec) {
        boolean dedicated = spec.compute().mode() == ComputeMode.DEDICATED;
        if (dedicated && spec.isolationTier() == IsolationTier.SHARED) {
            found.add(
                    "spec.compute.mode",
                    Problem.Code.CONTRADICTION,
                    "Tier shared has no nodes of its own; choose dedicatedNodes, or shared compute.");
        } else if (!dedicated && spec.isolationTier() == IsolationTier.DEDICATED_NODES) {
            found.add(
                    "spec.compute.mode",
                    Problem.Code.CONTRADICTION,
                    "Tier dedicatedNodes needs dedicated compute; name its node pool, or choose another tier.");
        }
        if (!dedicated && spec.compute().nodePool() != null) {
            found.add(
                    "spec.compute.nodePool",
                    Problem.Code.CONTRADICTION,
                    "Shared compute has no node pool; clear it, or choose dedicated compute.");
        }
        nodePool(found, spec.compute());
    }

    private static void nodePool(Findings found, Compute compute) {
        if (compute.mode() != ComputeMode.DEDICATED) {
            return;
        }
        if (compute.nodePool() == null) {
            found.add("spec.compute.nodePool", Problem.Code.REQUIRED, "Name the node pool of dedicated compute.");
        }
        found.labelValue(
                "spec.compute.nodePool",
                compute.nodePool(),
                "Write the value of the node label opencrane.io/node-pool: letters, digits, dashes, dots and"
                        + " underscores, alphanumeric at both ends.");
    }

    private static void quota(Findings found, Quota quota) {
        if (quota.isEmpty()) {
            found.add("spec.resources.quota", Problem.Code.REQUIRED, "Limit at least one dimension.");
        }
        within(found, "cpu", amount(quota.cpu()), TenantDemand.DEFAULT_CPU, MOST_CORES);
        within(found, "memory", amount(quota.memory()), TenantDemand.DEFAULT_MEMORY, MOST);
        within(found, "storage", amount(quota.storage()), TenantDemand.STATE_VOLUME, MOST);
        within(found, "pods", amount(quota.pods()), ONE, MOST);
        within(found, "gpu", amount(quota.gpu()), ZERO, MOST);
    }

    /** Less than what one tenant asks for is no quota but a mistake, for example {@code 4m} of memory. */
    private static void within(
            Findings found, String dimension, @Nullable BigDecimal amount, Quantity least, BigDecimal most) {
        if (amount != null && (amount.compareTo(least.amount()) < 0 || amount.compareTo(most) > 0)) {
            found.add(
                    "spec.resources.quota." + dimension,
                    Problem.Code.OUT_OF_RANGE,
                    least == ZERO
                            ? "Allow zero or more, at most " + most.toPlainString() + "."
                            : "Allow at least " + least + ", what one tenant asks for, and at most "
                                    + most.toPlainString() + ".");
        }
    }

    private static @Nullable BigDecimal amount(@Nullable Quantity quantity) {
        return quantity == null ? null : quantity.amount();
    }

    private static @Nullable BigDecimal amount(@Nullable Long count) {
        return count == null ? null : BigDecimal.valueOf(count);
    }
}
