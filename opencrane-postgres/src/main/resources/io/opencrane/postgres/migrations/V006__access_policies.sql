-- Access policies and what is left of deleted ones (contract section 6, DECISIONS 36-39), as V001 has it for tenants. The JSON is that of
-- the custom resource. What this library cannot read back is refused when it is written.

CREATE TABLE access_policies (
    namespace        text COLLATE "C" NOT NULL,
    name             text COLLATE "C" NOT NULL,
    uid              text COLLATE "C" NOT NULL,
    resource_version numeric(20, 0)   NOT NULL,
    created_at       timestamptz      NOT NULL,
    description      text,
    tenant_selector  jsonb            NOT NULL CHECK (jsonb_typeof(tenant_selector) = 'object'),
    domains          jsonb            NOT NULL CHECK (jsonb_typeof(domains) = 'object'),
    egress_rules     jsonb            NOT NULL CHECK (jsonb_typeof(egress_rules) = 'array'),
    mcp_servers      jsonb            NOT NULL CHECK (jsonb_typeof(mcp_servers) = 'object'),
    updated_at       timestamptz      NOT NULL,
    PRIMARY KEY (namespace, name)
);

-- Not UNIQUE, for the reason given in V001.
CREATE INDEX access_policies_key ON access_policies (((namespace || '/' || name) COLLATE "C"));

-- Not in tenant_tombstones: a tenant's name says nothing about a policy's, and deletions of one kind need not wait for writers of the other.
CREATE TABLE access_policy_tombstones (
    namespace        text COLLATE "C" NOT NULL,
    name             text COLLATE "C" NOT NULL,
    uid              text COLLATE "C" NOT NULL,
    resource_version numeric(20, 0),
    created_at       timestamptz,
    deleted_at       timestamptz      NOT NULL,
    PRIMARY KEY (namespace, name, uid)
);
