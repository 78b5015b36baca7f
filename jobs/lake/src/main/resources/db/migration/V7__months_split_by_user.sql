-- A leaf of many rows is cut by a hash of user_id into tables of its own; any other leaf is one table.

CREATE FUNCTION lake.tables_of(leaf regclass) RETURNS SETOF regclass
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT oid::regclass FROM pg_class WHERE oid = leaf AND relkind = 'r'
     UNION ALL
    SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = leaf
$$;

COMMENT ON FUNCTION lake.tables_of IS 'The tables that hold the rows of a leaf';

CREATE FUNCTION lake.bytes_of(leaf regclass) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(sum(pg_total_relation_size(part)), 0)::bigint FROM lake.tables_of(leaf) AS part
$$;

COMMENT ON FUNCTION lake.bytes_of IS 'Size of a leaf and its indexes';
