package io.datapunk.cli.metrics;

import java.util.List;

/**
 * The metrics that jobs emit: gauges of the last run, in base units, as Prometheus names them. Rules and dashboards in
 * conf/monitoring may use these and no others.
 */
public enum Metric {
    JOB_LAST_COMPLETION(
            "lake_job_last_completion_timestamp_seconds", "When the command ended last, however it ended.", "command"),
    JOB_LAST_SUCCESS(
            "lake_job_last_success_timestamp_seconds", "When the command did last what it was asked for.", "command"),
    JOB_EXIT_CODE(
            "lake_job_exit_code", "How the command ended: 0 done, 1 failed, 2 usage, 3 a gate fell short.", "command"),
    /** Of seed 002, of the last run. */
    DATA_PROCESSING_DURATION(
            "lake_data_processing_duration_seconds", "How long the command took.", "operation", "status"),
    JOB_STAGE_DURATION("lake_job_stage_duration_seconds", "How long a stage of the command took.", "command", "stage"),
    RECORDS_PROCESSED("lake_records_processed", "Records of the import, by what became of them.", "dataset", "result"),
    BYTES_PROCESSED("lake_processed_bytes", "Bytes that the import read, decompressed."),
    TIER_MOVES("lake_tier_moves", "Moves that the run carried out.", "from", "to", "state"),
    TIER_MOVED_BYTES("lake_tier_moved_bytes", "Bytes of the partitions that the run moved.", "from", "to"),
    /** Of seed 002. */
    STORAGE_USAGE(
            "lake_storage_usage_bytes", "Size of the tables, a tier, a disk or the database.", "storage_type", "name"),
    STORAGE_CAPACITY("lake_storage_capacity_bytes", "Bytes that there is room for.", "storage_type", "name"),
    STORAGE_GROWTH(
            "lake_storage_growth_bytes_per_second", "By how much it grew in the last month.", "storage_type", "name"),
    STORAGE_TIME_TO_FULL(
            "lake_storage_time_to_full_seconds",
            "Until there is no room left, where that is foreseen.",
            "storage_type",
            "name"),
    WRITE_AMPLIFICATION("lake_write_amplification_ratio", "Bytes written for each byte of new rows."),
    COMPRESSION_RATIO("lake_compression_ratio", "Bytes before compression for each byte after it.", "codec"),
    CACHE_HIT_RATIO("lake_postgres_cache_hit_ratio", "Share of blocks that PostgreSQL found in memory."),
    POSTGRES_CONNECTIONS("lake_postgres_connections", "Clients that are connected to PostgreSQL."),
    POSTGRES_MAX_CONNECTIONS("lake_postgres_max_connections", "Clients that may be."),
    POSTGRES_LONGEST_TRANSACTION(
            "lake_postgres_longest_transaction_seconds",
            "How long a transaction of the lake's database has been open."),
    POSTGRES_LONGEST_QUERY(
            "lake_postgres_longest_query_seconds", "How long a query in the lake's database has been running."),
    POSTGRES_REPLICATION_LAG(
            "lake_postgres_replication_lag_seconds", "How far the slowest standby is behind; 0 without one."),
    POSTGRES_UP("lake_postgres_up", "1 where a PostgreSQL runs and answers."),
    PROCESSOR_USAGE("lake_processor_usage_ratio", "Load of the last minute for each processor, at most 1."),
    MEMORY_USAGE("lake_memory_usage_ratio", "Share of the memory that processes take."),
    DISK_USAGE("lake_disk_usage_ratio", "Share of a disk of the lake that is taken.", "name"),
    /** Of seed 002. */
    STORAGE_LATENCY("lake_storage_latency_seconds", "How long the tables' store took to list the lake's home."),
    /** Of seed 004. */
    RESOURCE_USAGE_SCORE(
            "lake_resource_usage_score", "The fullest of processors, memory, disks and connections, 0 to 1."),
    /** Of seed 004. */
    SYSTEM_HEALTH_INDEX(
            "lake_system_health_index",
            "Mean of the vital signs: 1 up to where alerts warn, 0 from where they are grave, in a line between."),
    REMEDIATION_ACTIONS("lake_remediation_actions", "What the last run did about each trigger.", "trigger"),
    MAINTENANCE_DURATION("lake_maintenance_task_duration_seconds", "How long upkeep took.", "task"),
    MAINTENANCE_DEAD_ROWS("lake_maintenance_dead_rows", "Dead rows that vacuum found and left.", "moment"),
    /** Of seed 002. */
    DATA_QUALITY_SCORE(
            "lake_data_quality_score",
            "Share of good rows, 0 to 1, the mean of all rules of a type.",
            "table",
            "check_type"),
    DATA_QUALITY_FAILED_RULES("lake_data_quality_failed_rules", "Rules that did not hold.", "table", "check_type");

    private final String exportedName;
    private final String help;
    private final List<String> labels;

    Metric(String exportedName, String help, String... labels) {
        this.exportedName = exportedName;
        this.help = help;
        this.labels = List.of(labels);
    }

    public String exportedName() {
        return exportedName;
    }

    public String help() {
        return help;
    }

    /** The names of its labels. */
    public List<String> labels() {
        return labels;
    }
}
