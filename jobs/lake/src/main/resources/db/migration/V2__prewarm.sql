-- A new leaf is read into memory before it is served, where the server has the extension and lets this user have it.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_prewarm SCHEMA public;
EXCEPTION
    WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
        RAISE NOTICE 'pg_prewarm is not available: new leaves are served cold';
END
$$;
