-- Takes back what lake.make_writable did, once Delta has every write. The table is locked by the caller: nobody writes.
CREATE FUNCTION lake.make_read_only(parent regclass) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    written_dataset text := lake.dataset_of(parent);
    outbox          text := format('lake_outbox.%I', written_dataset);
    part            record;
    found           boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', outbox) INTO found;
    IF found THEN
        RAISE EXCEPTION 'Delta does not have all that was written in %', written_dataset;
    END IF;
    FOR part IN SELECT leaf, inbox FROM lake.writable_partitions WHERE dataset = written_dataset LOOP
        IF part.inbox THEN
            EXECUTE format('DROP TABLE lake_hot.%I', part.leaf);
        ELSE
            EXECUTE format('DROP TRIGGER IF EXISTS lake_no_truncate ON lake_hot.%I', part.leaf);
            EXECUTE format('CREATE OR REPLACE TRIGGER lake_read_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE'
                           ' ON lake_hot.%I FOR EACH STATEMENT EXECUTE FUNCTION lake.refuse_write()', part.leaf);
        END IF;
    END LOOP;
    EXECUTE format('DROP TRIGGER lake_capture ON %s', parent);
    EXECUTE format('DROP TRIGGER lake_no_truncate ON %s', parent);
    EXECUTE format('CREATE TRIGGER lake_read_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION lake.refuse_write()', parent);
    EXECUTE format('DROP POLICY lake_writes ON %s', parent);
    EXECUTE format('DROP POLICY IF EXISTS lake_whole_partitions ON %s', parent);
    EXECUTE format('REVOKE ALL ON %s FROM lake_ingest', parent);
    EXECUTE format('DROP FUNCTION %s()', outbox);
    EXECUTE format('DROP TABLE %s', outbox);
    DELETE FROM lake.writable WHERE dataset = written_dataset;
END
$$;

REVOKE EXECUTE ON FUNCTION lake.make_read_only FROM PUBLIC;
