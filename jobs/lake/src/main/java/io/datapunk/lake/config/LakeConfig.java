package io.datapunk.lake.config;

import io.datapunk.lake.model.DatasetName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration in force. {@code conf/lake.conf} describes every key; the command line goes before the environment,
 * the environment before the file, the file before the defaults.
 *
 * @param file that it was read from, where it was
 * @param home a folder or {@code s3a://bucket/prefix}; see {@link LakeHome}
 * @param localHome folder for what has to be local
 * @param tiering for every dataset that has no override; ask {@link #tiering(DatasetName)}
 * @param datasets the tiering of datasets that override some of it
 * @param settings every key with its value and source, secrets hidden
 */
public record LakeConfig(
        Optional<Path> file,
        String home,
        Optional<String> localHome,
        PostgresConfig postgres,
        StorageConfig storage,
        IngestConfig ingest,
        AccessConfig access,
        TieringConfig tiering,
        Map<DatasetName, TieringConfig> datasets,
        ArchiveConfig archive,
        BackupConfig backup,
        VectorsConfig vectors,
        AnalyticsConfig analytics,
        MaintenanceConfig maintenance,
        MetricsConfig metrics,
        LineageConfig lineage,
        TelemetryConfig telemetry,
        AirflowConfig airflow,
        SparkConfig spark,
        AuditConfig audit,
        List<Setting> settings) {
    public LakeConfig {
        datasets = Map.copyOf(datasets);
        settings = List.copyOf(settings);
    }

    /**
     * Reads and checks the configuration.
     *
     * @param file a HOCON file, or null for the defaults alone
     * @param environment the process's environment; {@code LAKE_INGEST_SPLIT_SIZE} sets {@code lake.ingest.split-size}
     * @param overrides what the command line sets, by key
     * @throws io.datapunk.lake.model.LakeException (usage) that lists all mistakes, each with the allowed form
     */
    public static LakeConfig load(Path file, Map<String, String> environment, Map<String, String> overrides) {
        return new ConfigLoader(environment).load(Optional.ofNullable(file), overrides);
    }

    /** The same for another lake, all of which lies in one folder. */
    public LakeConfig withHome(String folder) {
        return with(folder, Optional.empty(), tiering);
    }

    /** The same with other room in PostgreSQL, in bytes. */
    public LakeConfig withHotSpace(long bytes) {
        return with(home, localHome, tiering.withHotSpace(bytes));
    }

    private LakeConfig with(String root, Optional<String> local, TieringConfig general) {
        return new LakeConfig(
                file,
                root,
                local,
                postgres,
                storage,
                ingest,
                access,
                general,
                datasets,
                archive,
                backup,
                vectors,
                analytics,
                maintenance,
                metrics,
                lineage,
                telemetry,
                airflow,
                spark,
                audit,
                settings);
    }

    public TieringConfig tiering(DatasetName dataset) {
        return datasets.getOrDefault(dataset, tiering);
    }
}
