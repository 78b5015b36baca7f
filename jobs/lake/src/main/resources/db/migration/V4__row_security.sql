-- Who sees which rows. Members of lake_reader see the rows of the lake's users that lake.user_roles gives to their role, and
-- nothing where it names none; lake_analyst and lake_admin see all rows; lake_ingest sees none, it is for writing. The
-- lake's own user owns the tables and is not bound by their policies, so loads and verifications see every row.

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['lake_analyst', 'lake_ingest'] LOOP
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

CREATE TABLE lake.user_roles (
    role    name NOT NULL,
    user_id text NOT NULL,
    PRIMARY KEY (role, user_id)
);

COMMENT ON TABLE lake.user_roles IS 'Which rows a member of lake_reader sees: those of these users of the lake';
COMMENT ON COLUMN lake.user_roles.role IS 'The role that reads: the one logged in with, or the one chosen with SET ROLE';
COMMENT ON COLUMN lake.user_roles.user_id IS 'As lake.users in Delta knows it; the random surrogate, never a name';

-- By the caller's role, which only membership lets it choose; a plain setting could be set by anybody.
CREATE FUNCTION lake.own_user_ids() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(user_id), '{}')
      FROM lake.user_roles
     WHERE role = CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role')::name END
$$;

COMMENT ON FUNCTION lake.own_user_ids IS 'The users of the lake whose rows the current role sees';

-- What every table that applications read gets. One without users' rows is for those who see everything.
CREATE FUNCTION lake.secure(parent regclass) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT SELECT ON %s TO lake_analyst, lake_admin', parent);
    IF EXISTS (SELECT FROM pg_attribute
                WHERE attrelid = parent AND attname = 'user_id' AND atttypid = 'text'::regtype AND NOT attisdropped) THEN
        EXECUTE format('GRANT SELECT ON %s TO lake_reader', parent);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', parent);
        -- Read once for each query, not for each row, so that indexes by user are used.
        EXECUTE format('CREATE POLICY lake_own_rows ON %s FOR SELECT TO lake_reader'
                       ' USING (user_id = ANY ((SELECT lake.own_user_ids())::text[]))', parent);
        EXECUTE format('CREATE POLICY lake_all_rows ON %s FOR SELECT TO lake_analyst, lake_admin USING (true)', parent);
    ELSE
        EXECUTE format('REVOKE SELECT ON %s FROM lake_reader', parent);
    END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION lake.secure FROM PUBLIC;

GRANT USAGE ON SCHEMA lake TO lake_analyst, lake_ingest;
GRANT SELECT ON lake.served TO lake_analyst, lake_ingest;
GRANT ALL ON lake.user_roles TO lake_admin;

-- Tables that an earlier release has made.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT DISTINCT relation.oid::regclass AS parent, schema.nspname AS schema
          FROM pg_trigger
          JOIN pg_class relation ON relation.oid = pg_trigger.tgrelid
          JOIN pg_namespace schema ON schema.oid = relation.relnamespace
         WHERE pg_trigger.tgname = 'lake_read_only' AND relation.relkind = 'p' AND NOT relation.relispartition
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO lake_analyst, lake_ingest', found.schema);
        PERFORM lake.secure(found.parent);
    END LOOP;
END
$$;
