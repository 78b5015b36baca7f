-- Which queries take longer than a second on average, where the server counts them (shared_preload_libraries =
-- 'pg_stat_statements') and this user may look. Constants stand there as $1: what they were is not kept.
DO $$
DECLARE
    place regnamespace;
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public;
    SELECT extnamespace::regnamespace INTO place FROM pg_extension WHERE extname = 'pg_stat_statements';
    EXECUTE format('SELECT FROM %s.pg_stat_statements LIMIT 1', place);
    CREATE SCHEMA IF NOT EXISTS monitoring;
    EXECUTE format($view$
        CREATE VIEW monitoring.slow_queries AS
        SELECT query, calls, mean_exec_time AS mean_ms, max_exec_time AS max_ms, total_exec_time AS total_ms,
               rows::float8 / calls AS rows_per_call,
               shared_blks_hit::float8 / nullif(shared_blks_hit + shared_blks_read, 0) AS cache_hit_ratio
          FROM %s.pg_stat_statements
         WHERE mean_exec_time > 1000
           AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
         ORDER BY total_exec_time DESC$view$, place);
    COMMENT ON VIEW monitoring.slow_queries IS 'Queries that take longer than a second on average, by what they took together';
    GRANT USAGE ON SCHEMA monitoring TO lake_admin;
    GRANT SELECT ON monitoring.slow_queries TO lake_admin;
EXCEPTION
    WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object OR invalid_schema_name
      OR object_not_in_prerequisite_state OR duplicate_table THEN
        RAISE NOTICE 'pg_stat_statements is not available: there is no monitoring.slow_queries';
END
$$;
