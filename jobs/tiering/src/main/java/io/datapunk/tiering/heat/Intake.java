package io.datapunk.tiering.heat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.AccessInputsTable;
import io.datapunk.lake.model.table.AccessLogTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.heat.AccessRollup.PartitionHour;
import io.datapunk.tiering.heat.AccessRows.TakenInput;
import io.datapunk.tiering.policy.Accesses;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Commits batches, each exactly once, whenever it is killed: a batch is complete before it is committed, the tables
 * commit it under its number once, and only then is it removed.
 */
public final class Intake {
    private static final String APPLICATION = "lake.heat";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SparkSession spark;
    private final LakeHome home;
    private final Instant now;
    private final Progress progress;
    private final FaultPoint fault;
    private final TableLog tables;
    private final TableFacts facts;
    private final AccessRows rows;
    private final DeltaAppend append;
    private final HeatFiles heat;
    private final FutureLines future;
    private final IntakeCounts counts = new IntakeCounts();
    private final List<String> segments = new ArrayList<>();

    Intake(SparkSession spark, LakeHome home, Instant now, Progress progress, FaultPoint fault) {
        this.spark = spark;
        this.home = home;
        this.now = now;
        this.progress = progress;
        this.fault = fault;
        this.tables = new TableLog(home, spark.sparkContext().hadoopConfiguration());
        this.facts = new TableFacts(tables);
        this.rows = new AccessRows(spark, home, facts);
        this.append = new DeltaAppend(spark, home);
        this.heat = new HeatFiles(home.spool());
        this.future = new FutureLines(home.spool().resolveSibling("future"));
    }

    SparkSession spark() {
        return spark;
    }

    LakeHome home() {
        return home;
    }

    Instant now() {
        return now;
    }

    Progress progress() {
        return progress;
    }

    FaultPoint fault() {
        return fault;
    }

    FutureLines future() {
        return future;
    }

    TableFacts facts() {
        return facts;
    }

    /** What was taken in so far. */
    IntakeCounts counts() {
        return counts;
    }

    /** The segments of the batches so far, in their order. */
    List<String> segments() {
        return segments;
    }

    /** What a source handed over in earlier runs, by input. */
    Map<String, TakenInput> taken(String source) {
        return tables.snapshot(AccessInputsTable.DEFINITION.name()).isPresent() ? rows.taken(source) : Map.of();
    }

    /** Commits what earlier runs left. */
    void finishEarlierRuns() throws IOException {
        for (AccessBatch batch : AccessBatch.unfinished(batches())) {
            commit(batch);
        }
    }

    /**
     * A folder for the next batch, which may be committed once it is sealed. The number is above both tables' versions.
     * Each batch raises the larger of the two versions at least to its number, so numbers rise, which is what lets a
     * table tell a repeated commit.
     */
    AccessBatch draft() throws IOException {
        long log = version(AccessLogTable.DEFINITION);
        long hours = version(AccessHoursTable.DEFINITION);
        return AccessBatch.draft(batches(), Math.max(log, hours) + 1, log, now);
    }

    long version(TableDefinition table) {
        return tables.snapshot(table.name()).orElseThrow().version();
    }

    /** Commits a sealed batch. */
    void commit(AccessBatch batch) throws IOException {
        int files = batch.files().size();
        List<AccessInput> inputs = batch.inputs();
        AccessBatch.Lines lines = batch.read();
        keepAside(lines.rejected());
        future.keep(batch.number(), lines.future());
        Once once = new Once(APPLICATION, batch.number());
        append.append(AccessLogTable.DEFINITION, rows.log(lines.accepted()), once);
        fault.reached("heat.logged");
        Map<PartitionHour, Long> hours =
                AccessRollup.count(lines.accepted(), rows.alreadyCounted(batch, lines.accepted()), facts::of);
        append.append(AccessHoursTable.DEFINITION, hourRows(batch, hours), once);
        fault.reached("heat.counted");
        if (!inputs.isEmpty()) {
            DeltaTables.ensure(spark, home, AccessInputsTable.DEFINITION);
            append.append(AccessInputsTable.DEFINITION, rows.inputs(batch, inputs), once);
            fault.reached("heat.remembered");
        }
        segments.add(heat.write(Long.toString(batch.number()), chunks(batch, hours)));
        counts.add(files, lines, inputs, earliest(batch, hours));
        batch.remove();
        fault.reached("heat.removed");
    }

    private Dataset<Row> hourRows(AccessBatch batch, Map<PartitionHour, Long> hours) {
        Dataset<Row> ofLines = rows.hours(hours);
        return batch.counts()
                .map(rows::hours)
                .map(staged -> hours.isEmpty() ? staged : staged.unionByName(ofLines))
                .orElse(ofLines);
    }

    private Iterator<byte[]> chunks(AccessBatch batch, Map<PartitionHour, Long> hours) {
        return batch.counts()
                .map(folder -> StagedCounts.chunks(StagedCounts.read(spark, folder)))
                .orElseGet(() -> List.of(StagedCounts.chunk(hours)).iterator());
    }

    private Optional<Instant> earliest(AccessBatch batch, Map<PartitionHour, Long> hours) {
        Optional<Long> staged = batch.counts().flatMap(folder -> StagedCounts.firstHour(spark, folder));
        return staged.or(() -> hours.keySet().stream().map(PartitionHour::hour).min(Long::compare))
                .map(Accesses::beginOf);
    }

    private void keepAside(List<AccessBatch.Rejected> lines) throws IOException {
        Map<String, List<AccessBatch.Rejected>> byFile =
                lines.stream().collect(Collectors.groupingBy(AccessBatch.Rejected::file));
        for (var file : byFile.entrySet()) {
            Path aside = Files.createDirectories(rejectedFolder()).resolve(file.getKey());
            try (BufferedWriter writer = Files.newBufferedWriter(aside, StandardCharsets.UTF_8)) {
                for (AccessBatch.Rejected line : file.getValue()) {
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

    private Path batches() {
        return home.spool().resolveSibling("batches");
    }

    Path rejectedFolder() {
        return home.spool().resolveSibling("rejected");
    }
}
