-- Datasets that applications write in PostgreSQL. A trigger notes each write, in the writer's own transaction, in an outbox
-- that has the dataset's columns; `lake tier sync` brings the outbox to Delta and then removes what it brought. A month that
-- is not served has an inbox instead of a copy: a leaf that takes new rows and that readers do not see.

CREATE SCHEMA lake_outbox;

CREATE TABLE lake.writable (
    dataset          text    PRIMARY KEY,
    key_columns      text[]  NOT NULL,
    partition_column text,
    born             boolean NOT NULL
);

COMMENT ON TABLE lake.writable IS 'The datasets that applications may write in PostgreSQL';
COMMENT ON COLUMN lake.writable.partition_column IS 'None for a table that is never taken out of PostgreSQL';
COMMENT ON COLUMN lake.writable.born IS 'Rows come from here alone, so that a month which Delta does not have is whole here';

CREATE TABLE lake.writable_partitions (
    dataset   text    NOT NULL REFERENCES lake.writable ON DELETE CASCADE,
    partition text    NOT NULL,
    leaf      text    NOT NULL,
    inbox     boolean NOT NULL,
    closed    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (dataset, partition)
);

COMMENT ON TABLE lake.writable_partitions IS 'Where writes of a partition go; writers hold the row in share mode until they end';
COMMENT ON COLUMN lake.writable_partitions.partition IS 'As month=2026-01';
COMMENT ON COLUMN lake.writable_partitions.inbox IS 'The leaf only takes new rows: PostgreSQL does not serve the partition';
COMMENT ON COLUMN lake.writable_partitions.closed IS 'Takes no writes while the partition leaves the hot tier';

-- Transactions of the lake that remove from inboxes what Delta has: no writes that Delta has to hear of. A setting instead of
-- a table could be made by anybody.
CREATE TABLE lake.own_work (
    transaction xid8 PRIMARY KEY
);

CREATE FUNCTION lake.dataset_of(relation regclass) RETURNS text
    LANGUAGE sql STABLE AS $$
    SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = relation
$$;

-- Called for each written row. The lock makes whoever closes the partition wait for the writers, and a writer whose snapshot
-- is older than the closing fail instead of slipping through.
CREATE FUNCTION lake.require_writable(written_dataset text, written_partition text, operation text) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    gate lake.writable_partitions;
BEGIN
    SELECT * INTO gate FROM lake.writable_partitions
     WHERE dataset = written_dataset AND partition = written_partition
       FOR SHARE;
    IF gate.closed IS NOT FALSE THEN
        RAISE EXCEPTION '%/% takes no writes at the moment', written_dataset, written_partition
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'It is on its way to another tier. Run the transaction again in a few seconds.';
    ELSIF gate.inbox AND operation <> 'INSERT' THEN
        RAISE EXCEPTION '% is not possible: PostgreSQL does not serve %/%', operation, written_dataset, written_partition
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = format('Bring it here first with `lake tier pin %s/%s --tier hot`, then `lake tier apply`.',
                                written_dataset, written_partition);
    END IF;
END
$$;

CREATE FUNCTION lake.refuse_truncate() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of %.% is refused: Delta would not hear of it', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'feature_not_supported', HINT = 'Delete the rows with DELETE.';
END
$$;

-- What of a row Delta could not hold: infinite times, decimals that are no numbers, arrays of several dimensions.
CREATE FUNCTION lake.unstorable(parent regclass) RETURNS text
    LANGUAGE sql STABLE AS $$
    SELECT string_agg(format('WHEN %s THEN %L', condition, attname), ' ' ORDER BY attnum)
      FROM (SELECT attnum, attname,
                   CASE
                       WHEN typname IN ('timestamptz', 'timestamp')
                           THEN format('NOT isfinite(NEW.%1$I) OR NEW.%1$I >= %2$L', attname, '290000-01-01')
                       WHEN typname = 'date' THEN format('NOT isfinite(NEW.%I)', attname)
                       WHEN typname = 'numeric' THEN format('NEW.%I IN (''NaN'', ''Infinity'', ''-Infinity'')', attname)
                       WHEN typcategory = 'A'
                           THEN format('array_ndims(NEW.%1$I) > 1 OR array_lower(NEW.%1$I, 1) <> 1', attname)
                   END AS condition
              FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
             WHERE attrelid = parent AND attnum > 0 AND NOT attisdropped) columns
     WHERE condition IS NOT NULL
$$;

-- Lets applications write a table. It needs a key, so that a row that is written twice is known again.
CREATE FUNCTION lake.make_writable(parent regclass, keys text[], by_column text, is_born boolean) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    written_dataset text := lake.dataset_of(parent);
    outbox          text := format('lake_outbox.%I', written_dataset);
    partitioned     boolean := by_column IS NOT NULL;
    names           text;
    old_values      text;
    new_values      text;
    key_changed     text;
BEGIN
    IF octet_length(written_dataset) > 63 THEN
        RAISE EXCEPTION 'the name % is too long for a table that applications write', written_dataset
            USING HINT = 'PostgreSQL has 63 bytes for schema, point and name.';
    END IF;
    INSERT INTO lake.writable VALUES (written_dataset, keys, by_column, is_born);
    INSERT INTO lake.writable_partitions (dataset, partition, leaf, inbox)
    SELECT dataset, partition, leaf, false FROM lake.served WHERE dataset = written_dataset AND state = 'SERVING';

    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg(format('OLD.%I', attname), ', ' ORDER BY attnum),
           string_agg(format('NEW.%I', attname), ', ' ORDER BY attnum)
      INTO names, old_values, new_values
      FROM pg_attribute WHERE attrelid = parent AND attnum > 0 AND NOT attisdropped;
    SELECT string_agg(format('OLD.%1$I IS DISTINCT FROM NEW.%1$I', key), ' OR ') INTO key_changed FROM unnest(keys) key;

    EXECUTE format('CREATE TABLE %s (lake_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,'
                   ' lake_operation "char" NOT NULL, lake_batch bigint, LIKE %s)', outbox, parent);
    EXECUTE format('COMMENT ON TABLE %s IS %L', outbox, 'What applications wrote in ' || written_dataset
                   || ' and Delta does not have yet');
    EXECUTE format('CREATE INDEX ON %s (lake_batch) WHERE lake_batch IS NOT NULL', outbox);
    EXECUTE format($function$
        CREATE FUNCTION %1$s() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        DECLARE
            moved boolean := TG_OP = 'UPDATE' AND (%2$s);
            column_name text;
        BEGIN
            IF EXISTS (SELECT FROM lake.own_work WHERE transaction = pg_current_xact_id()) THEN
                RETURN NULL;
            END IF;
            %3$s
            IF TG_OP = 'DELETE' OR moved THEN
                INSERT INTO %1$s (lake_operation, %4$s) VALUES ('D', %5$s);
            END IF;
            IF TG_OP <> 'DELETE' THEN
                column_name := CASE %6$s ELSE NULL END;
                IF column_name IS NOT NULL THEN
                    RAISE EXCEPTION 'column %% has a value that Delta cannot hold', column_name
                        USING ERRCODE = 'data_exception',
                              HINT = 'Times are finite, decimals are numbers, arrays have one dimension.';
                END IF;
                INSERT INTO %1$s (lake_operation, %4$s)
                VALUES (CASE WHEN TG_OP = 'INSERT' OR moved THEN 'I' ELSE 'U' END, %7$s);
            END IF;
            RETURN NULL;
        END
        $body$
        $function$,
        outbox, key_changed,
        CASE WHEN partitioned THEN format(
            'PERFORM lake.require_writable(%1$L, %2$L || CASE TG_OP WHEN ''DELETE'' THEN OLD.%3$I ELSE NEW.%3$I END, TG_OP);',
            written_dataset, by_column || '=', by_column) END,
        names, old_values, coalesce(lake.unstorable(parent), 'WHEN false THEN NULL'), new_values);

    EXECUTE format('DROP TRIGGER IF EXISTS lake_read_only ON %s', parent);
    EXECUTE format('CREATE TRIGGER lake_capture AFTER INSERT OR UPDATE OR DELETE ON %s'
                   ' FOR EACH ROW EXECUTE FUNCTION %s()', parent, outbox);
    EXECUTE format('CREATE TRIGGER lake_no_truncate BEFORE TRUNCATE ON %s'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION lake.refuse_truncate()', parent);

    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', parent);
    IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = parent AND polname = 'lake_all_rows') THEN
        EXECUTE format('CREATE POLICY lake_all_rows ON %s FOR SELECT TO lake_analyst, lake_admin USING (true)', parent);
    END IF;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO lake_ingest', parent);
    EXECUTE format('CREATE POLICY lake_writes ON %s TO lake_ingest USING (true) WITH CHECK (true)', parent);
    IF partitioned THEN
        -- Read once for each query, so that inboxes are not even opened.
        EXECUTE format('CREATE POLICY lake_whole_partitions ON %s AS RESTRICTIVE FOR SELECT'
                       ' TO lake_reader, lake_analyst, lake_admin'
                       ' USING (%I = ANY ((SELECT lake.whole_partitions(%L))::text[]))', parent, by_column, written_dataset);
    END IF;
END
$$;

CREATE FUNCTION lake.whole_partitions(written_dataset text) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(substr(partition, strpos(partition, '=') + 1)), '{}')
      FROM lake.writable_partitions
     WHERE dataset = written_dataset AND NOT inbox
$$;

COMMENT ON FUNCTION lake.whole_partitions IS 'The months, or other values, that PostgreSQL serves whole';

-- Gives a partition a leaf of its own where it has none: an inbox, or the partition itself where its rows come from here alone.
-- SHA-256 of nothing stands for the files that Delta has of the latter.
CREATE FUNCTION lake.open_leaf(parent regclass, value text, is_inbox boolean) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    written lake.writable;
    part    text;
    leaf    text;
BEGIN
    SELECT * INTO STRICT written FROM lake.writable WHERE dataset = lake.dataset_of(parent) FOR UPDATE;
    part := written.partition_column || '=' || value;
    IF EXISTS (SELECT FROM lake.writable_partitions gate
                 JOIN pg_class ON relname = gate.leaf AND relnamespace = 'lake_hot'::regnamespace AND relispartition
                WHERE gate.dataset = written.dataset AND gate.partition = part) THEN
        RETURN;
    END IF;
    leaf := left(regexp_replace(lower(split_part(written.dataset, '.', 2) || '_' || value), '[^a-z0-9_]', '_', 'g'), 50)
            || CASE WHEN is_inbox THEN '_in_' ELSE '_by_' END || left(gen_random_uuid()::text, 8);
    EXECUTE format('CREATE TABLE lake_hot.%I (LIKE %s INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS,'
                   ' CHECK (%3$I IS NOT NULL AND %3$I = %4$L))', leaf, parent, written.partition_column, value);
    EXECUTE format('ALTER TABLE lake_hot.%I ENABLE ROW LEVEL SECURITY', leaf);
    EXECUTE format('CREATE TRIGGER lake_no_truncate BEFORE TRUNCATE ON lake_hot.%I'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION lake.refuse_truncate()', leaf);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION lake_hot.%I FOR VALUES IN (%L)', parent, leaf, value);
    IF NOT is_inbox THEN
        INSERT INTO lake.served (leaf, dataset, partition, delta_version, file_set_hash, epoch, state, verified_at, served_at)
        SELECT leaf, written.dataset, part, 0, encode(sha256(''), 'hex'), epoch, 'SERVING', now(), now() FROM lake.fence;
    END IF;
    INSERT INTO lake.writable_partitions (dataset, partition, leaf, inbox)
    VALUES (written.dataset, part, leaf, is_inbox)
    ON CONFLICT (dataset, partition) DO UPDATE SET leaf = excluded.leaf, inbox = excluded.inbox, closed = false;
END
$$;

-- For applications that write rows of a month that nobody has opened.
CREATE FUNCTION lake.open_inbox(parent regclass, value text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT lake.open_leaf(parent, value, true)
$$;

COMMENT ON FUNCTION lake.open_inbox IS 'Lets rows of a month be inserted that has no leaf yet';

REVOKE EXECUTE ON FUNCTION lake.make_writable, lake.open_leaf, lake.open_inbox FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lake.open_inbox TO lake_ingest, lake_admin;
GRANT SELECT ON lake.writable, lake.writable_partitions TO lake_ingest, lake_analyst;
GRANT ALL ON lake.writable, lake.writable_partitions TO lake_admin;
