package io.datapunk.lake.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Lays the sources over one another, finds every mistake in them, and reads what is in force. */
final class ConfigLoader {
    private static final String REFERENCE = "io/datapunk/lake/config/lake.conf";

    private final Config reference = ConfigFactory.parseResources(
                    ConfigLoader.class.getClassLoader(), REFERENCE, strict().setOriginDescription(ConfigKeys.DEFAULT))
            .resolve();
    private final ConfigKeys keys = new ConfigKeys(reference);
    private final Problems problems = new Problems();
    private final Map<String, String> environment;

    ConfigLoader(Map<String, String> environment) {
        this.environment = environment;
    }

    LakeConfig load(Optional<Path> file, Map<String, String> overrides) {
        Config fromFile = file.map(this::parse).orElse(ConfigFactory.empty());
        Config fromEnvironment = ConfigFactory.empty();
        for (Map.Entry<String, String> variable :
                keys.fromEnvironment(environment, problems).entrySet()) {
            String value = environment.get(variable.getKey());
            fromEnvironment = fromEnvironment.withValue(
                    variable.getValue(), ConfigValueFactory.fromAnyRef(value, variable.getKey()));
        }
        Config fromCommandLine = ConfigFactory.empty();
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            fromCommandLine = fromCommandLine.withValue(
                    override.getKey(), ConfigValueFactory.fromAnyRef(override.getValue(), "command line"));
        }
        Config all = withoutUnknown(fromCommandLine)
                .withFallback(fromEnvironment)
                .withFallback(withoutUnknown(fromFile))
                .withFallback(reference);
        LakeConfig config = read(file, all.getConfig("lake"), settings(all));
        problems.throwIfAny();
        return config;
    }

    private Config parse(Path file) {
        try {
            return ConfigFactory.parseFile(file.toFile(), strict()).resolve(ConfigResolveOptions.noSystem());
        } catch (ConfigException.IO e) {
            throw LakeException.usage(
                    "the configuration file " + file + " cannot be read",
                    String.valueOf(e.getMessage()),
                    "give --conf a file that exists and that you may read");
        } catch (ConfigException e) {
            throw LakeException.usage(
                    "the configuration file " + file + " is not HOCON",
                    String.valueOf(e.getMessage()),
                    "correct the line; conf/lake.conf shows the form");
        }
    }

    private static ConfigParseOptions strict() {
        return ConfigParseOptions.defaults().setAllowMissing(false);
    }

    private Config withoutUnknown(Config config) {
        Config known = config;
        for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
            Optional<String> mistake = keys.mistake(entry.getKey(), ConfigKeys.source(entry.getValue()));
            if (mistake.isPresent()) {
                problems.add(entry.getKey(), mistake.get());
                known = known.withoutPath(entry.getKey());
            }
        }
        return known;
    }

    private LakeConfig read(Optional<Path> file, Config lake, List<Setting> settings) {
        ConfigReader reader = new ConfigReader("lake", lake, environment, problems);
        String home = reader.text("home");
        reader.require(
                !home.contains("://") || home.matches("s3a://[^/]+(/.*)?"), "home", "a folder or s3a://bucket/prefix");
        StorageConfig storage = StorageConfig.read(reader.at("storage"));
        TieringConfig tiering = TieringConfig.read(reader.at("tiering"));
        Map<DatasetName, TieringConfig> datasets = datasets(lake);
        reader.require(
                storage.encryption().isNamed()
                        || Stream.concat(Stream.of(tiering), datasets.values().stream())
                                .noneMatch(any -> any.cold().encrypted()),
                "storage.encryption.keystore",
                "a keystore file, or lake.storage.encryption.kms-client a class: cold files are to be encrypted",
                "storage.encryption.kms-client");
        AuditConfig audit = AuditConfig.read(reader.at("audit"));
        reader.require(
                storage.encryption().isNamed() || audit.masterKey().isEmpty(),
                "audit.master-key",
                "empty, or lake.storage.encryption to name where that key is",
                "storage.encryption.keystore",
                "storage.encryption.kms-client");
        return new LakeConfig(
                file,
                home,
                reader.optionalText("local-home"),
                PostgresConfig.read(reader.at("postgres")),
                storage,
                IngestConfig.read(reader.at("ingest")),
                AccessConfig.read(reader.at("access")),
                tiering,
                datasets,
                ArchiveConfig.read(reader.at("archive"), retentions(lake)),
                BackupConfig.read(reader.at("backup")),
                VectorsConfig.read(reader.at("vectors"), collections(lake)),
                AnalyticsConfig.read(reader.at("analytics")),
                MaintenanceConfig.read(reader.at("maintenance")),
                MetricsConfig.read(reader.at("metrics")),
                LineageConfig.read(reader.at("lineage")),
                TelemetryConfig.read(reader.at("telemetry")),
                AirflowConfig.read(reader.at("airflow")),
                SparkConfig.read(reader.at("spark")),
                audit,
                settings);
    }

    private Map<DatasetName, TieringConfig> datasets(Config lake) {
        Map<DatasetName, TieringConfig> datasets = new TreeMap<>();
        Config base = lake.getConfig("tiering");
        for (String name : lake.getObject("datasets").keySet()) {
            String path = ConfigKeys.DATASETS + "." + ConfigUtil.quoteString(name);
            String tiering = "datasets." + ConfigUtil.quoteString(name) + ".tiering";
            if (!lake.hasPath(tiering)) {
                continue;
            }
            try {
                Config override = lake.getConfig(tiering);
                DatasetName dataset = DatasetName.parse(name);
                // Mistakes of the base are reported under its own keys.
                Config fallback = problems.concern(ConfigKeys.TIERING) ? reference.getConfig(ConfigKeys.TIERING) : base;
                datasets.put(
                        dataset,
                        TieringConfig.read(new ConfigReader(
                                path + ".tiering", override.withFallback(fallback), environment, problems)));
            } catch (LakeException e) {
                problems.add(path, "is not a dataset's name: " + e.remedy());
            }
        }
        return datasets;
    }

    /** Keys of each collection of vectors over those of all. */
    private SortedMap<String, ConfigReader> collections(Config lake) {
        SortedMap<String, ConfigReader> collections = new TreeMap<>();
        Config base = lake.getConfig("vectors.collection");
        for (String name : lake.getObject("vectors.collections").keySet()) {
            String path = ConfigUtil.joinPath("vectors", "collections", name);
            collections.put(
                    name,
                    new ConfigReader("lake." + path, lake.getConfig(path).withFallback(base), environment, problems));
        }
        return collections;
    }

    /** Retention classes by dataset. */
    private Map<DatasetName, String> retentions(Config lake) {
        Map<DatasetName, String> retentions = new TreeMap<>();
        for (String name : lake.getObject("datasets").keySet()) {
            String path = ConfigKeys.DATASETS + "." + ConfigUtil.quoteString(name);
            String key = "datasets." + ConfigUtil.quoteString(name) + "." + ConfigKeys.RETENTION;
            if (lake.hasPath(key)) {
                try {
                    ConfigReader reader = new ConfigReader(
                            path, lake.getConfig("datasets." + ConfigUtil.quoteString(name)), environment, problems);
                    retentions.put(DatasetName.parse(name), reader.text(ConfigKeys.RETENTION));
                } catch (LakeException e) {
                    problems.add(path, "is not a dataset's name: " + e.remedy());
                }
            }
        }
        return retentions;
    }

    private static List<Setting> settings(Config all) {
        List<Setting> settings = new ArrayList<>();
        all.entrySet().forEach(entry -> {
            settings.add(new Setting(
                    entry.getKey(), String.valueOf(entry.getValue().unwrapped()), ConfigKeys.source(entry.getValue())));
        });
        settings.sort(Comparator.comparing(Setting::key));
        return settings;
    }
}
