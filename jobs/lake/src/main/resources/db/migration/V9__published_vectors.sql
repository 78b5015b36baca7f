-- Collections of vectors that are published for search. Schema vectors holds the tables that applications read, schema
-- lake_vectors those that are being made.

CREATE SCHEMA lake_vectors;

-- One row for each table. It is moved and its row becomes SERVING in one transaction.
CREATE TABLE lake.published (
    leaf          text             PRIMARY KEY,
    collection    text             NOT NULL,
    delta_version bigint           NOT NULL,
    layout        text             NOT NULL,
    dimensions    integer          NOT NULL,
    state         text             NOT NULL DEFAULT 'LOADING' CHECK (state IN ('LOADING', 'READY', 'SERVING')),
    rows          bigint           NOT NULL DEFAULT 0,
    checksum      text,
    recall        double precision,
    started_at    timestamptz      NOT NULL DEFAULT now(),
    ready_xid     xid8,
    served_at     timestamptz,
    CHECK (state = 'LOADING' OR (checksum IS NOT NULL AND recall IS NOT NULL AND ready_xid IS NOT NULL)),
    CHECK (state <> 'SERVING' OR served_at IS NOT NULL)
);

CREATE UNIQUE INDEX published_once ON lake.published (collection) WHERE state = 'SERVING';

COMMENT ON TABLE lake.published IS 'The collections of vectors that PostgreSQL serves, or that are being loaded';
COMMENT ON COLUMN lake.published.leaf IS 'Table in schema lake_vectors, unique for each attempt; once it serves, it is in schema vectors under the collection''s name';
COMMENT ON COLUMN lake.published.delta_version IS 'Version of the Delta table that was read';
COMMENT ON COLUMN lake.published.layout IS 'Type of the vectors, metric and index; another one is published anew';
COMMENT ON COLUMN lake.published.checksum IS 'Order-independent checksum of the rows, 32 hex digits; the table was read back and has the same';
COMMENT ON COLUMN lake.published.recall IS 'Share of the true neighbours that the index finds, measured on a sample';
COMMENT ON COLUMN lake.published.ready_xid IS 'Snapshots older than this do not see all rows';

-- As lake.load_parts.
CREATE TABLE lake.published_parts (
    leaf          text    NOT NULL REFERENCES lake.published ON DELETE CASCADE,
    part          integer NOT NULL,
    rows          bigint  NOT NULL DEFAULT 0,
    checksum_high bigint  NOT NULL DEFAULT 0,
    checksum_low  bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (leaf, part)
);

GRANT SELECT ON lake.published TO lake_reader, lake_analyst, lake_ingest;
GRANT ALL ON lake.published, lake.published_parts TO lake_admin;
GRANT USAGE ON SCHEMA lake_vectors TO lake_admin;
