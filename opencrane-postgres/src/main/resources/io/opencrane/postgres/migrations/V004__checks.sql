-- What this library cannot read back is refused when it is written. NOT VALID: rows that are damaged already stay as they are, until a
-- repair or a deletion ends them, and do not keep the schema from being brought up to date.

ALTER TABLE tenants
    ADD CONSTRAINT tenants_phase CHECK (phase IN ('Pending', 'Running', 'Suspended', 'Error')) NOT VALID,
    ADD CONSTRAINT tenants_config_overrides CHECK (jsonb_typeof(config_overrides) = 'object') NOT VALID;

ALTER TABLE audit_log
    ADD CONSTRAINT audit_log_metadata CHECK (jsonb_typeof(metadata) = 'object') NOT VALID;
