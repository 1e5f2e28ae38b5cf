package io.opencrane.testkit.projection;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.port.TenantRow;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes rows of tenants for the contract tests, each naming only what it is about. */
final class RowBuilder {
    private final TenantId id;
    private String uid = "uid-1";
    private String version = "100";
    private Instant createdAt = Instant.parse("2026-01-01T00:00:00Z");
    private String displayName = "ACME";
    private @Nullable String team;
    private @Nullable BigDecimal budget;
    private FreeForm overrides = FreeForm.empty();
    private @Nullable String clusterTenant;
    private TenantPhase phase = TenantPhase.PENDING;

    private RowBuilder(TenantId id) {
        this.id = id;
    }

    static RowBuilder row(String namespace, String name) {
        return new RowBuilder(new TenantId(namespace, name));
    }

    static RowBuilder row(TenantId id) {
        return new RowBuilder(id);
    }

    RowBuilder uid(String value) {
        uid = value;
        return this;
    }

    RowBuilder version(String value) {
        version = value;
        return this;
    }

    RowBuilder createdAt(String value) {
        return createdAt(Instant.parse(value));
    }

    RowBuilder createdAt(Instant value) {
        createdAt = value;
        return this;
    }

    RowBuilder displayName(String value) {
        displayName = value;
        return this;
    }

    RowBuilder team(String value) {
        team = value;
        return this;
    }

    RowBuilder budget(String value) {
        budget = new BigDecimal(value);
        return this;
    }

    RowBuilder overrides(FreeForm value) {
        overrides = value;
        return this;
    }

    RowBuilder clusterTenant(String value) {
        clusterTenant = value;
        return this;
    }

    RowBuilder phase(TenantPhase value) {
        phase = value;
        return this;
    }

    TenantRow build() {
        return new TenantRow(
                id,
                uid,
                version,
                createdAt,
                displayName,
                "owner@acme.com",
                team,
                null,
                budget,
                overrides,
                null,
                clusterTenant,
                false,
                phase,
                null,
                null);
    }
}
