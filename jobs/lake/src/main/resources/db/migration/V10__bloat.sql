-- How loose tables and indexes have become can be measured where the server has the extension and lets this user have it.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pgstattuple SCHEMA public;
EXCEPTION
    WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object OR invalid_schema_name THEN
        RAISE NOTICE 'pgstattuple is not available: bloat is estimated';
END
$$;
