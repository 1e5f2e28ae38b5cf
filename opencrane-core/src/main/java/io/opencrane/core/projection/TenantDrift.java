package io.opencrane.core.projection;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.FieldDifference;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.Mismatch.Issue;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.tenant.ByteOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares tenants with their rows: one merge of two streams, each ascending in the byte order of {@code namespace/name}, so that
 * memory does not grow with the number of tenants (DECISIONS 36, 37). Null and absent are equal, as are an empty text and none; the
 * order of members in free-form JSON is noise; money is compared at the scale of its column. A tenant that is being deleted is neither
 * missing nor different, whether its row is still there or not. Pure.
 */
public final class TenantDrift {
    /** The wire names of the fields compared, in the order of a report. */
    public static final List<String> COMPARED_FIELDS = List.of(
            "displayName",
            "email",
            "team",
            "configOverrides",
            "clusterTenantRef",
            "suspended",
            "openclawVersion",
            "monthlyBudgetUsd",
            "policyRef");

    private final Side<Tenant> source;
    private final Side<TenantRow> projection;
    private final Sink sink;
    private long drifted;

    private TenantDrift(Iterator<Tenant> source, Iterator<TenantRow> projection, Sink sink) {
        this.source = new Side<>("the cluster's tenants", source);
        this.projection = new Side<>("the projection's rows", projection);
        this.sink = sink;
    }

    /** Takes mismatches as they are found. */
    @FunctionalInterface
    public interface Sink {
        /**
         * One tenant drifted.
         *
         * @param mismatch how
         * @param source the custom resource; null for {@link Issue#MISSING_SOURCE}
         */
        void drifted(Mismatch mismatch, @Nullable Tenant source);
    }

    /**
     * Compares.
     *
     * @param source custom resources, ascending
     * @param projection rows, ascending
     * @param sink takes the mismatches, ascending
     * @return the counts
     * @throws OpenCraneException {@code UPSTREAM_ERROR} if a stream does not ascend: a merge would then report drift that is none
     */
    public static DriftReport.Summary compare(Iterator<Tenant> source, Iterator<TenantRow> projection, Sink sink) {
        return new TenantDrift(source, projection, sink).merge();
    }

    private DriftReport.Summary merge() {
        Tenant tenant = nextTenant();
        TenantRow row = nextRow();
        while (tenant != null || row != null) {
            int order = order(tenant, row);
            if (tenant != null && order < 0) {
                missingProjection(tenant);
                tenant = nextTenant();
            } else if (row != null && order > 0) {
                drift(new Mismatch(row.id().namespace(), row.id().name(), Issue.MISSING_SOURCE, List.of()), null);
                row = nextRow();
            } else if (tenant != null && row != null) {
                compareFields(tenant, row);
                tenant = nextTenant();
                row = nextRow();
            }
        }
        return new DriftReport.Summary(source.count, projection.count, drifted);
    }

    private int order(@Nullable Tenant tenant, @Nullable TenantRow row) {
        if (tenant == null || row == null) {
            return tenant == null ? 1 : -1;
        }
        return ByteOrder.compare(source.lastId(), row.id());
    }

    private @Nullable Tenant nextTenant() {
        Tenant next = source.next();
        if (next != null) {
            source.ascendTo(next.id());
        }
        return next;
    }

    private @Nullable TenantRow nextRow() {
        TenantRow next = projection.next();
        if (next != null) {
            projection.ascendTo(next.id());
        }
        return next;
    }

    private void missingProjection(Tenant tenant) {
        if (!tenant.metadata().isBeingDeleted()) {
            drift(
                    new Mismatch(
                            tenant.metadata().namespace(),
                            tenant.metadata().name(),
                            Issue.MISSING_PROJECTION,
                            List.of()),
                    tenant);
        }
    }

    private void compareFields(Tenant tenant, TenantRow row) {
        if (tenant.metadata().isBeingDeleted() || isSame(tenant.spec(), row)) {
            return;
        }
        drift(
                new Mismatch(
                        row.id().namespace(), row.id().name(), Issue.FIELD_MISMATCH, differences(tenant.spec(), row)),
                tenant);
    }

    private void drift(Mismatch mismatch, @Nullable Tenant tenant) {
        drifted++;
        sink.drifted(mismatch, tenant);
    }

    /** The usual answer, without making anything: this runs once for each tenant of a fleet. */
    private static boolean isSame(TenantSpec spec, TenantRow row) {
        return spec.displayName().equals(row.displayName())
                && spec.email().equals(row.email())
                && sameText(spec.team(), row.team())
                && spec.configOverrides().equals(row.configOverrides())
                && sameText(spec.clusterTenantRef(), row.clusterTenantRef())
                && spec.suspended() == row.suspended()
                && sameText(spec.openclawVersion(), row.openclawVersion())
                && sameMoney(spec.monthlyBudgetUsd(), row.monthlyBudgetUsd())
                && sameText(spec.policyRef(), row.policyRef());
    }

    private static List<FieldDifference> differences(TenantSpec spec, TenantRow row) {
        List<FieldDifference> found = new ArrayList<>();
        add(found, "displayName", spec.displayName(), row.displayName());
        add(found, "email", spec.email(), row.email());
        add(found, "team", absent(spec.team()), absent(row.team()));
        add(found, "configOverrides", absent(spec.configOverrides()), absent(row.configOverrides()));
        add(found, "clusterTenantRef", absent(spec.clusterTenantRef()), absent(row.clusterTenantRef()));
        add(found, "suspended", spec.suspended(), row.suspended());
        add(found, "openclawVersion", absent(spec.openclawVersion()), absent(row.openclawVersion()));
        add(
                found,
                "monthlyBudgetUsd",
                Projectable.atScale(spec.monthlyBudgetUsd()),
                Projectable.atScale(row.monthlyBudgetUsd()));
        add(found, "policyRef", absent(spec.policyRef()), absent(row.policyRef()));
        return found;
    }

    private static void add(
            List<FieldDifference> found, String field, @Nullable Object source, @Nullable Object projection) {
        if (!Objects.equals(source, projection)) {
            found.add(new FieldDifference(field, source, projection));
        }
    }

    private static @Nullable String absent(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable FreeForm absent(FreeForm value) {
        return value.isEmpty() ? null : value;
    }

    private static boolean sameText(@Nullable String a, @Nullable String b) {
        return Objects.equals(a, b) || Objects.equals(absent(a), absent(b));
    }

    private static boolean sameMoney(@Nullable BigDecimal a, @Nullable BigDecimal b) {
        return Objects.equals(a, b) || Objects.equals(Projectable.atScale(a), Projectable.atScale(b));
    }

    /** One stream, checked while it is read. */
    private static final class Side<T> {
        private final String name;
        private final Iterator<T> items;
        private long count;
        private @Nullable TenantId last;

        Side(String name, Iterator<T> items) {
            this.name = name;
            this.items = items;
        }

        @Nullable
        T next() {
            if (!items.hasNext()) {
                return null;
            }
            count++;
            return items.next();
        }

        void ascendTo(TenantId id) {
            if (last != null && ByteOrder.compare(last, id) >= 0) {
                throw new OpenCraneException(
                        ErrorCode.UPSTREAM_ERROR,
                        id.key().toString(),
                        "Drift needs " + name + " in the byte order of namespace/name, each once; this one came after "
                                + last + ".");
            }
            last = id;
        }

        TenantId lastId() {
            return Objects.requireNonNull(last);
        }
    }
}
