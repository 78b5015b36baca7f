package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import io.datapunk.ingest.job.Deduplication.LeftOutCounts;
import io.datapunk.ingest.job.IngestReport.ParserCounts;
import io.datapunk.ingest.job.IngestReport.Reject;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ImportFilesTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What became of every file of an import, and the proof that nothing was lost on the way. */
final class ImportOutcome {
    static final String NO_PARSER = "none";

    private static final String PARSER_VERSION = "parser_version";
    private static final int SHOWN_VIOLATIONS = 5;

    private final SparkSession spark;
    private final ImportContext context;
    private final LakeTableFiles lake;

    ImportOutcome(SparkSession spark, ImportContext context, LakeTableFiles lake) {
        this.spark = spark;
        this.context = context;
        this.lake = lake;
    }

    /**
     * One row for each file: the columns of {@code imports.files} and the file's number.
     *
     * @param leftOut the duplicates, see {@link Deduplication}
     */
    Dataset<Row> files(Dataset<Row> leftOut) {
        Dataset<Row> duplicates =
                leftOut.groupBy(StagedTable.FILE).agg(count(lit(1)).as(ImportFilesTable.DUPLICATES));
        return StagedRows.read(spark, context, FileFacts.DEFINITION)
                .groupBy(StagedTable.FILE)
                .agg(
                        max(ImportFilesTable.CONTAINER).as(ImportFilesTable.CONTAINER),
                        max(ImportFilesTable.ENTRY).as(ImportFilesTable.ENTRY),
                        max(ImportFilesTable.BYTES).as(ImportFilesTable.BYTES),
                        max(ImportFilesTable.SHA256).as(ImportFilesTable.SHA256),
                        max(ImportFilesTable.MEDIA_TYPE).as(ImportFilesTable.MEDIA_TYPE),
                        max(ImportFilesTable.DECLARED_TYPE).as(ImportFilesTable.DECLARED_TYPE),
                        max(ImportFilesTable.ENCODING).as(ImportFilesTable.ENCODING),
                        max(ImportFilesTable.PARSER).as(ImportFilesTable.PARSER),
                        max(PARSER_VERSION).as(PARSER_VERSION),
                        // Of stored, skipped, rejected and parsed: parsed wins where one range could be read
                        org.apache
                                .spark
                                .sql
                                .functions
                                .when(
                                        max(col(ImportFilesTable.STATUS).equalTo(FileFacts.PARSED)),
                                        lit(FileFacts.PARSED))
                                .otherwise(max(ImportFilesTable.STATUS))
                                .as(ImportFilesTable.STATUS),
                        sum(ImportFilesTable.READ).as(ImportFilesTable.READ),
                        sum(ImportFilesTable.QUARANTINED).as(ImportFilesTable.QUARANTINED))
                .join(duplicates, scala(List.of(StagedTable.FILE)), "left")
                .withColumn(ImportFilesTable.DUPLICATES, coalesce(col(ImportFilesTable.DUPLICATES), lit(0L)))
                .withColumn(
                        ImportFilesTable.ACCEPTED,
                        col(ImportFilesTable.READ)
                                .minus(col(ImportFilesTable.QUARANTINED))
                                .minus(col(ImportFilesTable.DUPLICATES)))
                .withColumn(ImportFilesTable.IMPORT_ID, lit(context.importId()))
                .withColumn(ImportFilesTable.SCAN, lit("NOT_SCANNED"));
    }

    private static scala.collection.immutable.Seq<String> scala(List<String> names) {
        return scala.jdk.javaapi.CollectionConverters.asScala(names).toSeq();
    }

    /**
     * Compares what the files gave with what the tables hold, entry by entry.
     *
     * @param staged what the tasks have counted
     * @throws LakeException (failed) where a row is missing or one too many
     */
    void requireConservation(Dataset<Row> files, UnitResult staged) {
        Dataset<Row> landed = null;
        for (TableDefinition definition : StagedTables.DEFINITIONS) {
            TreeMap<String, Long> months = staged.months(definition.name());
            if (months.isEmpty()) {
                continue;
            }
            Dataset<Row> rows = lake.read(definition.name())
                    .where(col(EventColumns.MONTH)
                            .isin(months.keySet().toArray())
                            .and(col(ProvenanceColumns.IMPORT_ID).equalTo(context.importId())))
                    .select(ProvenanceColumns.ENTRY);
            landed = landed == null ? rows : landed.unionByName(rows);
        }
        Dataset<Row> expected = files.groupBy(ImportFilesTable.ENTRY)
                .agg(sum(ImportFilesTable.ACCEPTED).as("expected"));
        Dataset<Row> found = landed == null
                ? expected.select(col(ImportFilesTable.ENTRY), lit(0L).as("found"))
                        .limit(0)
                : landed.groupBy(ImportFilesTable.ENTRY).agg(count(lit(1)).as("found"));
        Column difference = coalesce(col("expected"), lit(0L)).notEqual(coalesce(col("found"), lit(0L)));
        List<Row> violations = expected.join(found, scala(List.of(ImportFilesTable.ENTRY)), "full")
                .where(difference)
                .orderBy(ImportFilesTable.ENTRY)
                .limit(SHOWN_VIOLATIONS)
                .collectAsList();
        if (!violations.isEmpty()) {
            List<String> shown = new ArrayList<>();
            for (Row row : violations) {
                shown.add("%s: %d rows expected, %d found".formatted(row.getString(0), orZero(row, 1), orZero(row, 2)));
            }
            throw LakeException.failed(
                    "import " + context.importId() + " did not conserve its records",
                    String.join("; ", shown),
                    "nothing was marked as done; run the same command again, and report this if it stays");
        }
    }

    private static long orZero(Row row, int at) {
        return row.isNullAt(at) ? 0 : row.getLong(at);
    }

    /** What each parser read, in the order of their names. */
    static List<ParserCounts> parsers(UnitResult staged, LeftOutCounts leftOut) {
        List<ParserCounts> parsers = new ArrayList<>();
        staged.parsers().forEach((parser, parsed) -> {
            long duplicates = leftOut.bySource().getOrDefault(parser, 0L);
            ImportCounts counts = new ImportCounts(
                    parsed.read(), parsed.read() - parsed.quarantined() - duplicates, duplicates, parsed.quarantined());
            parsers.add(new ParserCounts(parser, parsed.files(), parsed.bytes(), counts));
        });
        return parsers;
    }

    /** The same from {@code imports.files}, for an import that an earlier attempt has brought to its commit point. */
    static List<ParserCounts> parsers(Dataset<Row> files) {
        List<ParserCounts> parsers = new ArrayList<>();
        for (Row row : files.groupBy(coalesce(col(ImportFilesTable.PARSER), lit(NO_PARSER)))
                .agg(
                        count(lit(1)),
                        sum(ImportFilesTable.BYTES),
                        sum(ImportFilesTable.READ),
                        sum(ImportFilesTable.ACCEPTED),
                        sum(ImportFilesTable.DUPLICATES),
                        sum(ImportFilesTable.QUARANTINED))
                .collectAsList()) {
            parsers.add(new ParserCounts(
                    row.getString(0),
                    row.getLong(1),
                    row.getLong(2),
                    new ImportCounts(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6))));
        }
        parsers.sort(Comparator.comparing(ParserCounts::parser));
        return parsers;
    }

    /** The versions of the parsers that read something, as a JSON object. */
    static String parserVersions(UnitResult staged) {
        TreeMap<String, Integer> versions = new TreeMap<>();
        staged.parsers().forEach((parser, parsed) -> versions.put(parser, parsed.version()));
        return json(versions);
    }

    /** The same for an import that is at its commit point: staging has the versions until the import is done. */
    String parserVersions() {
        TreeMap<String, Integer> versions = new TreeMap<>();
        if (Files.isDirectory(context.staging(FileFacts.DEFINITION.name().toString()))) {
            for (Row row : StagedRows.read(spark, context, FileFacts.DEFINITION)
                    .groupBy(ImportFilesTable.PARSER)
                    .agg(max(PARSER_VERSION))
                    .collectAsList()) {
                versions.put(row.isNullAt(0) ? NO_PARSER : row.getString(0), row.isNullAt(1) ? 0 : row.getInt(1));
            }
        }
        return json(versions);
    }

    private static String json(TreeMap<String, Integer> versions) {
        versions.remove(NO_PARSER);
        return versions.entrySet().stream()
                .map(version -> "\"" + version.getKey() + "\":" + version.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Why records were rejected, the commonest reason first. */
    static List<Reject> rejects(UnitResult staged) {
        List<Reject> rejects = new ArrayList<>();
        staged.rejects()
                .forEach((check, reasons) ->
                        reasons.forEach((reason, records) -> rejects.add(new Reject(check, reason, records))));
        rejects.sort(Comparator.comparingLong(Reject::records)
                .reversed()
                .thenComparing(Reject::check)
                .thenComparing(Reject::reason));
        return rejects;
    }

    /** Rows by table. */
    static Map<DatasetName, ImportCounts> datasets(UnitResult staged, LeftOutCounts duplicates) {
        Map<DatasetName, ImportCounts> datasets = new LinkedHashMap<>();
        for (TableDefinition definition : StagedTables.DEFINITIONS) {
            long rows = staged.rows(definition.name());
            if (rows > 0) {
                long leftOut = duplicates.of(definition.name());
                datasets.put(definition.name(), new ImportCounts(rows, rows - leftOut, leftOut, 0));
            }
        }
        return datasets;
    }
}
