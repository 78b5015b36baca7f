package io.datapunk.tiering.heat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.AccessLogTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.SpoolFolder;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.heat.AccessRollup.Touch;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Observation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Takes the access spool into {@code lake.access_log}, rolls it up into {@code lake.access_hours}, and derives the summary
 * that plan and status read.
 *
 * <p>Every spool file counts exactly once, whenever the job is killed: files are first moved into a numbered
 * {@link SpoolBatch}, both tables commit the batch under its number once, and only then is it removed. A run begins with
 * the batches that earlier ones left.
 */
public final class HeatJob {
    private static final String JOB = "heat";
    private static final String APPLICATION = "lake.heat";
    private static final int FILES_PER_BATCH = 5_000;
    private static final long BYTES_PER_BATCH = 128L << 20;

    /** A recorder completes its file at once; one that lies open for so long was left by a crash. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SparkSession spark;
    private final LakeHome home;
    private final Duration window;
    private final FaultPoint fault;
    private final TableLog tables;

    /** @param window how far back the summary reaches: the longest window of heat, or of an age rule, in use */
    public HeatJob(SparkSession spark, LakeHome home, Duration window) {
        this(spark, home, window, FaultPoint.ofSystem());
    }

    HeatJob(SparkSession spark, LakeHome home, Duration window, FaultPoint fault) {
        this.spark = spark;
        this.home = home;
        this.window = window;
        this.fault = fault;
        this.tables = new TableLog(home, spark.sparkContext().hadoopConfiguration());
    }

    /**
     * Takes in everything that lies in the spool.
     *
     * @param now what counts as the present: later accesses are refused, and observation ends here
     * @throws LakeException where another take-in is running, or the spool or a table cannot be read or written
     */
    public HeatReport run(Instant now, Progress progress) {
        try (JobLease lease = new Leases(home).acquire(JOB)) {
            return LakeSession.internal(spark, () -> new Run(now, progress).takeIn());
        } catch (IOException e) {
            throw LakeException.failed(
                    "the access spool " + home.spool() + " could not be taken in",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make " + home.spool().getParent() + " writable and give it free space, then run `lake heat` again;"
                            + " nothing counts twice",
                    e);
        }
    }

    private final class Run {
        private final Instant now;
        private final Progress progress;
        private final Map<DatasetName, Optional<TableSnapshot>> snapshots = new HashMap<>();
        private final Map<PartitionName, PartitionFiles> partitions = new HashMap<>();
        private final DeltaAppend append = new DeltaAppend(spark, home);
        private final Map<AccessRollup.PartitionHour, Long> counted = new HashMap<>();
        private int batchesTaken;
        private long files;
        private long accepted;
        private long rejected;

        Run(Instant now, Progress progress) {
            this.now = now;
            this.progress = progress;
        }

        HeatReport takeIn() throws IOException {
            DeltaTables.ensure(spark, home, AccessLogTable.DEFINITION);
            DeltaTables.ensure(spark, home, AccessHoursTable.DEFINITION);
            Files.createDirectories(home.spool());
            completeAbandonedFiles();
            long hoursVersion = version(AccessHoursTable.DEFINITION);
            for (SpoolBatch batch : SpoolBatch.unfinished(batches())) {
                takeIn(batch);
            }
            List<Path> waiting = waiting();
            try (Progress.Stage stage = progress.begin("taking in accesses", waiting.size(), "files")) {
                for (int next = 0; next < waiting.size(); ) {
                    int end = endOfBatch(waiting, next);
                    SpoolBatch batch = openBatch();
                    for (Path file : waiting.subList(next, end)) {
                        batch.take(file);
                    }
                    fault.reached("heat.batched");
                    takeIn(batch);
                    stage.advance(end - next);
                    next = end;
                }
            }
            HeatSummary summary = summarise(hoursVersion);
            return new HeatReport(
                    files,
                    accepted + rejected,
                    accepted,
                    rejected,
                    rejected == 0 ? Optional.empty() : Optional.of(rejectedFolder()),
                    summary.accesses().size(),
                    summary.observation());
        }

        private void completeAbandonedFiles() throws IOException {
            // The file system's clock, not the job's: a simulated now says nothing about files.
            FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
            for (Path file : spoolFiles(SpoolFolder.UNDER_WAY)) {
                if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                    String name = file.getFileName().toString();
                    String stem = name.substring(0, name.length() - SpoolFolder.UNDER_WAY.length());
                    Files.move(file, file.resolveSibling(stem + SpoolFolder.COMPLETE));
                }
            }
        }

        private List<Path> waiting() throws IOException {
            return spoolFiles(SpoolFolder.COMPLETE);
        }

        private List<Path> spoolFiles(String ending) throws IOException {
            try (Stream<Path> entries = Files.list(home.spool())) {
                return entries.filter(file -> file.getFileName().toString().endsWith(ending))
                        .sorted()
                        .toList();
            }
        }

        private static int endOfBatch(List<Path> waiting, int begin) throws IOException {
            long bytes = 0;
            int end = begin;
            while (end < waiting.size() && end - begin < FILES_PER_BATCH) {
                bytes += Files.size(waiting.get(end));
                if (end > begin && bytes > BYTES_PER_BATCH) {
                    break;
                }
                end++;
            }
            return end;
        }

        /**
         * The number is above both tables' versions. Each batch raises the larger of the two versions at least to its
         * number, so numbers rise, which is what lets a table tell a repeated commit.
         */
        private SpoolBatch openBatch() throws IOException {
            long log = version(AccessLogTable.DEFINITION);
            long hours = version(AccessHoursTable.DEFINITION);
            return SpoolBatch.create(batches(), Math.max(log, hours) + 1, log);
        }

        private long version(TableDefinition table) {
            return tables.snapshot(table.name()).orElseThrow().version();
        }

        private void takeIn(SpoolBatch batch) throws IOException {
            files += batch.files().size();
            SpoolBatch.Lines lines = batch.read(now);
            keepAside(lines.rejected());
            Once once = new Once(APPLICATION, batch.number());
            append.append(AccessLogTable.DEFINITION, logRows(lines.accepted()), once);
            fault.reached("heat.logged");
            var counts =
                    AccessRollup.count(lines.accepted(), alreadyCounted(batch, lines.accepted()), this::partitionsOf);
            append.append(AccessHoursTable.DEFINITION, hourRows(counts), once);
            counts.forEach((hour, count) -> counted.merge(hour, count, Long::sum));
            batchesTaken++;
            fault.reached("heat.counted");
            batch.remove();
            fault.reached("heat.removed");
            accepted += lines.accepted().size();
            rejected += lines.rejected().size();
        }

        private void keepAside(List<SpoolBatch.Rejected> lines) throws IOException {
            Map<String, List<SpoolBatch.Rejected>> byFile =
                    lines.stream().collect(Collectors.groupingBy(SpoolBatch.Rejected::file));
            for (var file : byFile.entrySet()) {
                Path aside = Files.createDirectories(rejectedFolder()).resolve(file.getKey());
                try (BufferedWriter writer = Files.newBufferedWriter(aside, StandardCharsets.UTF_8)) {
                    for (SpoolBatch.Rejected line : file.getValue()) {
                        writer.write(MAPPER.createObjectNode()
                                .put("line", line.line())
                                .put("reason", line.reason())
                                .put("text", line.text())
                                .toString());
                        writer.write('\n');
                    }
                }
            }
        }

        /**
         * What the log held before the batch of the queries that are in it: Spark's recorder may spread a query over
         * files.
         */
        private Set<Touch> alreadyCounted(SpoolBatch batch, List<AccessLine> lines) {
            Set<String> days = new TreeSet<>();
            List<Row> queries = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (AccessLine line : lines) {
                if (line.queryId().isPresent() && line.origin().equals("spark")) {
                    days.add(day(line.at()));
                    // The query may have begun on the day before.
                    days.add(day(line.at().minus(Duration.ofDays(1))));
                    if (seen.add(line.queryId().get())) {
                        queries.add(RowFactory.create(line.queryId().get()));
                    }
                }
            }
            if (queries.isEmpty() || batch.logVersion() == 0) {
                return Set.of();
            }
            Dataset<Row> before = spark.read()
                    .format("delta")
                    .option("versionAsOf", batch.logVersion())
                    .load(home.tablePath(AccessLogTable.DEFINITION.name()))
                    .where(functions.col(AccessLogTable.DAY).isin(days.toArray()));
            Dataset<Row> asked =
                    spark.createDataFrame(queries, new StructType().add(AccessLogTable.QUERY_ID, DataTypes.StringType));
            Set<Touch> touches = new HashSet<>();
            for (Row row : before.join(asked, AccessLogTable.QUERY_ID)
                    .select(AccessLogTable.QUERY_ID, AccessLogTable.PARTITION)
                    .distinct()
                    .collectAsList()) {
                touches.add(new Touch(row.getString(0), row.getString(1)));
            }
            return touches;
        }

        private Dataset<Row> logRows(List<AccessLine> lines) {
            List<Row> rows = new ArrayList<>(lines.size());
            for (AccessLine line : lines) {
                rows.add(RowFactory.create(
                        line.at(),
                        line.partition(),
                        line.origin(),
                        line.accesses(),
                        line.principal().orElse(null),
                        line.queryId().orElse(null),
                        tier(line).map(Tier::name).orElse(null),
                        day(line.at())));
            }
            return spark.createDataFrame(rows, DeltaSchemas.structType(AccessLogTable.DEFINITION));
        }

        private Dataset<Row> hourRows(Map<AccessRollup.PartitionHour, Long> counts) {
            List<Row> rows = new ArrayList<>(counts.size());
            counts.forEach((key, count) -> {
                Instant hour = Accesses.beginOf(key.hour());
                rows.add(RowFactory.create(hour, key.partition(), count, day(hour)));
            });
            return spark.createDataFrame(rows, DeltaSchemas.structType(AccessHoursTable.DEFINITION));
        }

        /** The tier that answered, where it can be told: Spark reads files, and these have not moved since. */
        private Optional<Tier> tier(AccessLine line) {
            if (line.origin().equals("postgres")) {
                return Optional.of(Tier.HOT);
            }
            if (!line.origin().equals("spark") || line.wholeTable().isPresent()) {
                return Optional.empty();
            }
            snapshot(line.dataset());
            return Optional.ofNullable(partitions.get(PartitionName.parse(line.partition())))
                    .filter(found -> lastMoved(found).isBefore(line.at()))
                    .flatMap(found -> switch (found.tier()) {
                        case WARM -> Optional.of(Tier.WARM);
                        case COLD -> Optional.of(Tier.COLD);
                        case MIXED -> Optional.empty();
                    });
        }

        private static Instant lastMoved(PartitionFiles partition) {
            Instant last = Instant.MIN;
            for (DataFile file : partition.files()) {
                Instant moved = FileTags.movedAt(file).orElse(Instant.MIN);
                last = moved.isAfter(last) ? moved : last;
            }
            return last;
        }

        private Collection<PartitionName> partitionsOf(DatasetName dataset) {
            return snapshot(dataset)
                    .map(snapshot -> snapshot.partitions().stream()
                            .map(PartitionFiles::partition)
                            .toList())
                    .orElse(List.of());
        }

        private Optional<TableSnapshot> snapshot(DatasetName dataset) {
            return snapshots.computeIfAbsent(dataset, name -> {
                Optional<TableSnapshot> found = tables.snapshot(name);
                found.ifPresent(
                        snapshot -> snapshot.partitions().forEach(files -> partitions.put(files.partition(), files)));
                return found;
            });
        }

        /**
         * The summary of before and what this run counted, where nobody else wrote meanwhile; else all is read again.
         *
         * @param versionBefore of {@code lake.access_hours} when the run began
         */
        private HeatSummary summarise(long versionBefore) throws IOException {
            long version = version(AccessHoursTable.DEFINITION);
            HeatSummary before = HeatSummary.read(home.spool());
            boolean isNew = versionBefore == 0;
            boolean continues =
                    version == versionBefore + batchesTaken && (isNew || before.accessHoursVersion() == versionBefore);
            Map<String, Map<Long, Long>> counts = continues ? added(before) : readHours(version);
            HeatSummary summary = new HeatSummary(
                    version,
                    new Observation(since(before, continues ? Optional.empty() : firstHour(version)), now),
                    counts.entrySet().stream()
                            .collect(Collectors.toMap(
                                    entry -> PartitionName.parse(entry.getKey()),
                                    entry -> Accesses.of(entry.getValue()))));
            summary.write(home.spool());
            fault.reached("heat.summarised");
            return summary;
        }

        private Instant since(HeatSummary before, Optional<Instant> firstHour) {
            Instant counted = this.counted.keySet().stream()
                    .map(hour -> Accesses.beginOf(hour.hour()))
                    .min(Instant::compareTo)
                    .orElse(now);
            return Stream.of(firstHour.orElse(now), before.observation().since(), counted, now)
                    .min(Instant::compareTo)
                    .orElseThrow();
        }

        private Map<String, Map<Long, Long>> added(HeatSummary before) {
            long oldest = Accesses.hourOf(now.minus(window));
            Map<String, Map<Long, Long>> counts = new HashMap<>();
            before.accesses().forEach((partition, accesses) -> {
                for (int bucket = 0; bucket < accesses.buckets(); bucket++) {
                    add(counts, oldest, partition.toString(), accesses.hour(bucket), accesses.count(bucket));
                }
            });
            counted.forEach((hour, count) -> add(counts, oldest, hour.partition(), hour.hour(), count));
            return counts;
        }

        private static void add(
                Map<String, Map<Long, Long>> counts, long oldest, String partition, long hour, long count) {
            if (hour >= oldest) {
                counts.computeIfAbsent(partition, name -> new HashMap<>()).merge(hour, count, Long::sum);
            }
        }

        private Map<String, Map<Long, Long>> readHours(long version) {
            Iterator<Row> rows = hours(version)
                    .where(functions.col(AccessHoursTable.DAY).geq(day(now.minus(window))))
                    .groupBy(
                            functions.col(AccessHoursTable.PARTITION),
                            functions
                                    .unix_seconds(functions.col(AccessHoursTable.HOUR))
                                    .as("seconds"))
                    .agg(functions.sum(AccessHoursTable.ACCESSES))
                    .toLocalIterator();
            long oldest = Accesses.hourOf(now.minus(window));
            Map<String, Map<Long, Long>> counts = new HashMap<>();
            while (rows.hasNext()) {
                Row row = rows.next();
                long hour = Accesses.hourOf(Instant.ofEpochSecond(row.getLong(1)));
                add(counts, oldest, row.getString(0), hour, row.getLong(2));
            }
            return counts;
        }

        private Optional<Instant> firstHour(long version) {
            Row first = hours(version)
                    .agg(functions.min(functions.unix_seconds(functions.col(AccessHoursTable.HOUR))))
                    .first();
            return first.isNullAt(0) ? Optional.empty() : Optional.of(Instant.ofEpochSecond(first.getLong(0)));
        }

        private Dataset<Row> hours(long version) {
            return spark.read()
                    .format("delta")
                    .option("versionAsOf", version)
                    .load(home.tablePath(AccessHoursTable.DEFINITION.name()));
        }

        private Path batches() {
            return home.spool().resolveSibling("batches");
        }

        private Path rejectedFolder() {
            return home.spool().resolveSibling("rejected");
        }

        private static String day(Instant time) {
            return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
        }
    }
}
