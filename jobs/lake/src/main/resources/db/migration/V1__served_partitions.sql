-- What the hot store serves. Schema lake holds what the lake knows of it, schema lake_hot the leaves (one table for each
-- loaded partition), and each dataset's own schema the partitioned table that applications read.

CREATE SCHEMA lake_hot;

-- Roles belong to the whole server: another database of it, or the operator, may have made them before.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['lake_reader', 'lake_admin'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                    RAISE EXCEPTION 'role % is missing and user % may not create it', role, current_user
                        USING ERRCODE = 'insufficient_privilege';
                END IF;
        END;
    END LOOP;
END
$$;

-- One row for each leaf. A leaf is served when its row says so and it is attached; both change in one transaction.
CREATE TABLE lake.served (
    leaf          text        PRIMARY KEY,
    dataset       text        NOT NULL,
    partition     text        NOT NULL,
    delta_version bigint      NOT NULL,
    file_set_hash text        NOT NULL,
    epoch         bigint      NOT NULL,
    state         text        NOT NULL CHECK (state IN ('LOADING', 'SERVING', 'RETIRED')),
    bytes         bigint      NOT NULL DEFAULT 0,
    rows          bigint      NOT NULL DEFAULT 0,
    checksum      text,
    started_at    timestamptz NOT NULL DEFAULT now(),
    verified_at   timestamptz,
    served_at     timestamptz,
    retired_at    timestamptz,
    CHECK (state <> 'SERVING' OR (verified_at IS NOT NULL AND served_at IS NOT NULL)),
    CHECK (state <> 'RETIRED' OR retired_at IS NOT NULL)
);

CREATE UNIQUE INDEX served_once ON lake.served (dataset, partition) WHERE state = 'SERVING';

COMMENT ON TABLE lake.served IS 'The partitions that PostgreSQL serves, is loading, or has retired';
COMMENT ON COLUMN lake.served.leaf IS 'Table in schema lake_hot, unique for each attempt';
COMMENT ON COLUMN lake.served.partition IS 'As month=2026-01';
COMMENT ON COLUMN lake.served.delta_version IS 'Version of the Delta table that was read';
COMMENT ON COLUMN lake.served.file_set_hash IS 'SHA-256 over the paths of the files that were read; another one in Delta means stale';
COMMENT ON COLUMN lake.served.epoch IS 'The run that wrote the row; an older one may not change it any more';
COMMENT ON COLUMN lake.served.bytes IS 'Size of the leaf and its indexes';
COMMENT ON COLUMN lake.served.checksum IS 'Order-independent checksum of the rows, 32 hex digits';
COMMENT ON COLUMN lake.served.verified_at IS 'When the leaf was read back and found equal to its source';

-- What the tasks of a load have committed, so that a task that runs twice loads once.
CREATE TABLE lake.load_parts (
    leaf          text    NOT NULL REFERENCES lake.served ON DELETE CASCADE,
    part          integer NOT NULL,
    rows          bigint  NOT NULL DEFAULT 0,
    checksum_high bigint  NOT NULL DEFAULT 0,
    checksum_low  bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (leaf, part)
);

-- The newest run's epoch; a run that was replaced finds a higher one and stops.
CREATE TABLE lake.fence (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch bigint  NOT NULL
);

INSERT INTO lake.fence (epoch) VALUES (0);

CREATE FUNCTION lake.refuse_write() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is read-only', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'read_only_sql_transaction',
              HINT = 'It is a copy of a Delta table. Write through an import; the lake loads the copy again.';
END
$$;

GRANT USAGE ON SCHEMA lake TO lake_reader, lake_admin;
GRANT SELECT ON lake.served TO lake_reader;
GRANT ALL ON ALL TABLES IN SCHEMA lake TO lake_admin;
GRANT USAGE ON SCHEMA lake_hot TO lake_admin;
