-- Partitions with a value that PostgreSQL cannot hold exactly. They stay in Delta, and plans do not try the same files again.

CREATE TABLE lake.refused (
    dataset       text        NOT NULL,
    partition     text        NOT NULL,
    file_set_hash text        NOT NULL,
    reason        text        NOT NULL,
    refused_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dataset, partition)
);

COMMENT ON TABLE lake.refused IS 'Partitions whose rows PostgreSQL cannot hold exactly; delete a row to have it tried again';
COMMENT ON COLUMN lake.refused.partition IS 'As month=2026-01';
COMMENT ON COLUMN lake.refused.file_set_hash IS 'SHA-256 over the paths of the files that were tried; other files are tried anew';
COMMENT ON COLUMN lake.refused.reason IS 'The column and what is wrong with a value of it, never the value';

GRANT ALL ON lake.refused TO lake_admin;
