-- Ceilings for the budgets of many tenants together (contract section 6, DECISIONS 35), and what was told of a tenant's own budget.
-- BETWEEN, not >= 0: NaN, which numeric(12,2) holds and Java's BigDecimal does not, is greater than every number.

-- One row at most.
CREATE TABLE global_budget_settings (
    only_row           boolean        NOT NULL DEFAULT true PRIMARY KEY CHECK (only_row),
    monthly_budget_usd numeric(12, 2) NOT NULL CHECK (monthly_budget_usd BETWEEN 0 AND 9999999999.99),
    updated_at         timestamptz    NOT NULL
);

-- The account is a ClusterTenant's name; the empty one is that of the tenants without a ClusterTenant.
CREATE TABLE account_budget_settings (
    account            text COLLATE "C" NOT NULL PRIMARY KEY CHECK (account !~ '^[[:space:]]+$'),
    monthly_budget_usd numeric(12, 2)   NOT NULL CHECK (monthly_budget_usd BETWEEN 0 AND 9999999999.99),
    updated_at         timestamptz      NOT NULL
);

-- The highest threshold that was told of a tenant, and of which budget period; none where the spend never resets.
CREATE TABLE tenant_budget_marks (
    namespace      text COLLATE "C" NOT NULL,
    tenant         text COLLATE "C" NOT NULL,
    percent        integer          NOT NULL CHECK (percent >= 0),
    period_ends_at timestamptz,
    PRIMARY KEY (namespace, tenant)
);
