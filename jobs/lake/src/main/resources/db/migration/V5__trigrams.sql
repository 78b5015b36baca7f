-- Parts of texts can be indexed where the server has the extension and lets this user have it.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
EXCEPTION
    WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object OR invalid_schema_name THEN
        RAISE NOTICE 'pg_trgm is not available: trigram indexes cannot be made';
END
$$;
