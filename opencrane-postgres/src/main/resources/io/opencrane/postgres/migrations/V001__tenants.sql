-- Tenants and what is left of deleted ones (contract section 6, DECISIONS 36-39).
-- Names and uids compare by byte, whatever the database's collation is: that is etcd's order, and no
-- collation upgrade of the operating system can break these indexes.

CREATE TABLE tenants (
    namespace          text COLLATE "C" NOT NULL,
    name               text COLLATE "C" NOT NULL,
    uid                text COLLATE "C" NOT NULL,
    resource_version   numeric(20, 0)   NOT NULL,
    created_at         timestamptz      NOT NULL,
    display_name       text             NOT NULL,
    email              text             NOT NULL,
    team               text,
    openclaw_version   text,
    monthly_budget_usd numeric(12, 2),
    config_overrides   jsonb            NOT NULL,
    policy_ref         text,
    cluster_tenant_ref text,
    suspended          boolean          NOT NULL,
    phase              text             NOT NULL,
    ingress_host       text,
    updated_at         timestamptz      NOT NULL,
    PRIMARY KEY (namespace, name)
);

-- The merge key of drift, lists and cursors. Not UNIQUE, although it is: ON CONFLICT settles races on the primary key only,
-- two first writes of one tenant at once would fail on a second unique index.
CREATE INDEX tenants_key ON tenants (((namespace || '/' || name) COLLATE "C"));

-- A deleted object's uid never comes back; the other two columns, known if it had a row, also keep its predecessors out.
CREATE TABLE tenant_tombstones (
    namespace        text COLLATE "C" NOT NULL,
    name             text COLLATE "C" NOT NULL,
    uid              text COLLATE "C" NOT NULL,
    resource_version numeric(20, 0),
    created_at       timestamptz,
    deleted_at       timestamptz      NOT NULL,
    PRIMARY KEY (namespace, name, uid)
);
