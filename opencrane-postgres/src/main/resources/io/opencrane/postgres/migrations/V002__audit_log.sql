-- What was done to whom (contract section 6). Entries are only ever added; keeping or dropping old ones is the host's decision.

CREATE TABLE audit_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "timestamp" timestamptz NOT NULL,
    namespace   text COLLATE "C",
    tenant      text COLLATE "C",
    action      text        NOT NULL,
    resource    text        NOT NULL,
    message     text        NOT NULL,
    metadata    jsonb       NOT NULL
);

CREATE INDEX audit_log_newest ON audit_log ("timestamp", id);
CREATE INDEX audit_log_of_tenant ON audit_log (namespace, tenant, "timestamp", id);
