-- What is known of model keys, never the keys themselves (contract section 6). One line an alias; revoked ones stay.

CREATE TABLE tenant_litellm_keys (
    namespace          text COLLATE "C" NOT NULL,
    tenant             text COLLATE "C" NOT NULL,
    key_alias          text COLLATE "C" NOT NULL,
    secret_name        text             NOT NULL,
    monthly_budget_usd numeric(12, 2),
    issued_at          timestamptz      NOT NULL,
    revoked_at         timestamptz,
    PRIMARY KEY (namespace, tenant, key_alias)
);
