package io.datapunk.archive.expire;

import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.archive.retention.Candidate;
import io.datapunk.archive.retention.ExpiryPlanner;
import io.datapunk.archive.retention.PartitionFacts;
import io.datapunk.archive.retention.PartitionFacts.Serving;
import io.datapunk.archive.retention.RetentionRules;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.postgres.ServedPartitions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * One look at all that may expire: partitions of tables, except of the lake's own books, and packages. Rows are read only of
 * partitions whose class has an end.
 */
final class ExpirySurvey {
    /** What tells of the lake and its archive. */
    private static final Set<String> BOOKS = Set.of("lake", "archive");

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final RetentionRules rules;

    ExpirySurvey(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.rules = new RetentionRules(config.archive().retention());
    }

    /** @throws LakeException where the archive or a table cannot be read: a package that is not seen protects no other */
    List<Candidate> candidates(PackageStore packages, List<Hold> holds, Instant now) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        Function<PartitionName, Serving> serving = serving();
        TableLog log = TableLog.of(config, home);
        for (DatasetName dataset : datasets(log)) {
            Optional<TableSnapshot> snapshot = log.snapshot(dataset);
            if (snapshot.isPresent()) {
                candidates.addAll(partitions(snapshot.get(), serving, holds, now));
            }
        }
        candidates.addAll(packages(packages));
        return candidates;
    }

    private static List<DatasetName> datasets(TableLog log) {
        return Stream.concat(LakeTables.all().stream().map(TableDefinition::name), log.foreignTables().stream())
                .filter(name -> !BOOKS.contains(name.schema()))
                .toList();
    }

    private List<PartitionFacts> partitions(
            TableSnapshot table, Function<PartitionName, Serving> serving, List<Hold> holds, Instant now) {
        List<PartitionFacts> facts = new ArrayList<>();
        List<PartitionFiles> limited = new ArrayList<>();
        Map<PartitionName, Instant> limits = new TreeMap<>();
        for (PartitionFiles files : table.partitions()) {
            // A table without partitions does not expire as a whole, nor do rows that have no place.
            if (files.partition().value().isPresent()
                    && !files.partition().value().get().value().equals(PartitionValue.NO_VALUE)) {
                PartitionFacts partition = facts(files, Optional.empty(), serving);
                Optional<Instant> limit = rules.classOf(partition).flatMap(found -> ExpiryPlanner.limit(found, now));
                if (limit.isPresent()) {
                    limited.add(files);
                    limits.put(files.partition(), limit.get());
                } else {
                    facts.add(partition);
                }
            }
        }
        if (!limited.isEmpty()) {
            Map<PartitionName, PartitionAges.Age> ages = new PartitionAges(spark, home).of(limited, limits, holds);
            limited.forEach(
                    files -> facts.add(facts(files, Optional.ofNullable(ages.get(files.partition())), serving)));
        }
        return facts;
    }

    private PartitionFacts facts(
            PartitionFiles files, Optional<PartitionAges.Age> age, Function<PartitionName, Serving> serving) {
        return new PartitionFacts(
                files.partition(),
                files.deltaVersion(),
                files.fileSetHash(),
                config.tiering(files.partition().dataset()).cold().category(),
                age.flatMap(PartitionAges.Age::since),
                // Those that stayed of cold files would be written anew as warm ones, and not encrypted.
                age.flatMap(PartitionAges.Age::dueRows).filter(any -> files.tier() == FileTier.WARM),
                age.map(found -> OptionalLong.of(found.rows())).orElse(OptionalLong.empty()),
                files.bytes(),
                age.flatMap(PartitionAges.Age::events),
                age.flatMap(PartitionAges.Age::persons),
                serving.apply(files.partition()));
    }

    private Function<PartitionName, Serving> serving() {
        try {
            Optional<PostgresServer> server = PostgresServer.openForReading(config.postgres(), home);
            if (server.isEmpty()) {
                return partition -> Serving.NOT_SERVED;
            }
            try (PostgresServer open = server.get()) {
                Map<PartitionName, Served> served = ServedPartitions.read(
                        open.connection(), config.postgres().connectTimeout());
                return partition ->
                        served.containsKey(partition) && served.get(partition).state() != Served.State.RETIRED
                                ? Serving.SERVED
                                : Serving.NOT_SERVED;
            }
        } catch (HotStoreUnavailableException | LakeException outOfReach) {
            return partition -> Serving.UNKNOWN;
        }
    }

    private static List<Candidate> packages(PackageStore store) throws IOException {
        List<StoredPackage> stored = new ArrayList<>();
        for (PackageFolder folder : store.folders()) {
            StoredPackage.open(store, folder).ifPresent(stored::add);
        }
        Map<String, Set<String>> users = new TreeMap<>();
        for (StoredPackage one : stored) {
            one.homes().forEach(packageHome -> users.computeIfAbsent(packageHome, any -> new TreeSet<>())
                    .add(one.folder().path()));
        }
        List<Candidate> facts = new ArrayList<>();
        for (StoredPackage one : stored) {
            facts.add(one.facts(users.getOrDefault(one.folder().path(), Set.of())));
        }
        return facts;
    }
}
