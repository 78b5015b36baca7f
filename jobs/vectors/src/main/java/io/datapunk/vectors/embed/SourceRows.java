package io.datapunk.vectors.embed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.xxhash64;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.vectors.embed.EmbedPlan.Batch;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The rows of a collection's source, as its table of vectors is to have them; vectors of texts are not made yet. */
final class SourceRows {
    /** Microseconds since the epoch. Rows go through Java, and Spark has two Java types for a time. */
    static final String EVENT_MICROS = "event_micros";

    /** Whether the row has a vector that cannot be taken. */
    static final String UNFIT = "unfit";

    /** Of all columns of all texts; see {@link ContentReader}. */
    static final String VALUES = "text_values";

    /** {@code content_sha256} is null where there is nothing to make a vector of. */
    static final StructType SCHEMA = new StructType()
            .add(VectorsTable.ID, DataTypes.StringType)
            .add(VectorsTable.USER_ID, DataTypes.StringType)
            .add(EVENT_MICROS, DataTypes.LongType)
            .add(VectorsTable.MONTH, DataTypes.StringType)
            .add(VectorsTable.ATTRIBUTES, DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
            .add(VectorsTable.TEXT, DataTypes.StringType)
            .add(VectorsTable.CONTENT_SHA256, DataTypes.StringType)
            .add(VectorsTable.VECTOR, DataTypes.createArrayType(DataTypes.FloatType))
            .add(UNFIT, DataTypes.BooleanType);

    private static final Pattern ORDINARY_MONTH = Pattern.compile("\\d{4}-\\d{2}");

    private final Dataset<Row> table;
    private final SourceColumns columns;
    private final Optional<Instant> since;

    /**
     * @param table the source at one version
     * @param since what happened before is too old; what has no time never is
     * @throws LakeException (usage) where it lacks columns, or they are of other types
     */
    SourceRows(CollectionConfig collection, Dataset<Row> table, Optional<Instant> since) {
        this.table = table;
        this.columns = new SourceColumns(collection, table.schema());
        this.since = since;
    }

    /** Keys that several rows have, or that are missing: a few of them. */
    List<String> ambiguousKeys() {
        return table
                .groupBy(columns.id().as(VectorsTable.ID))
                .agg(count(lit(1)).as("rows"))
                .where(col("rows").gt(1).or(col(VectorsTable.ID).isNull()))
                .limit(3)
                .collectAsList()
                .stream()
                .map(row -> String.valueOf(row.getString(0)))
                .toList();
    }

    /** How long most vectors are, the longer of two equally frequent ones; 0 where there are none. */
    int commonLength() {
        return young(table)
                .select(size(columns.vector()).as("length"))
                .where(col("length").gt(0))
                .groupBy("length")
                .agg(count(lit(1)).as("rows"))
                .orderBy(col("rows").desc(), col("length").desc())
                .limit(1)
                .collectAsList()
                .stream()
                .mapToInt(row -> row.getInt(0))
                .findFirst()
                .orElse(0);
    }

    /** A few of the keys whose vectors cannot be taken. */
    List<String> unfitKeys(ContentReader reader) {
        return read(reader).where(col(UNFIT)).select(VectorsTable.ID).limit(3).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    /** All rows, as {@link #SCHEMA}. */
    Dataset<Row> read(ContentReader reader) {
        return read(reader, table);
    }

    /** The rows of a batch. */
    Dataset<Row> read(ContentReader reader, Batch batch) {
        Dataset<Row> about = table.where(around(batch.months()));
        return read(reader, about).where(of(batch));
    }

    /** Which rows are of a batch, here and in the table of vectors. */
    static Column of(Batch batch) {
        return col(VectorsTable.MONTH)
                .isin(batch.months().toArray())
                .and(pmod(xxhash64(col(VectorsTable.ID)), lit((long) batch.parts()))
                        .equalTo((long) batch.part()));
    }

    /** So that files of other months need not be read: they have statistics of times. */
    private Column around(List<String> months) {
        List<String> dated = months.stream()
                .filter(month -> !month.equals(EventColumns.UNDATED))
                .toList();
        if (columns.time().isEmpty()
                || dated.isEmpty()
                || !dated.stream()
                        .allMatch(month -> ORDINARY_MONTH.matcher(month).matches())) {
            return lit(true);
        }
        Column time = columns.time().get();
        Column between = time.geq(start(YearMonth.parse(dated.get(0))))
                .and(time.lt(start(YearMonth.parse(dated.get(dated.size() - 1)).plusMonths(1))));
        return dated.size() < months.size() ? between.or(time.isNull()) : between;
    }

    private static Column start(YearMonth month) {
        return time(month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    static Column time(Instant instant) {
        return timestamp_micros(lit(ChronoUnit.MICROS.between(Instant.EPOCH, instant)));
    }

    private Dataset<Row> read(ContentReader reader, Dataset<Row> some) {
        MapFunction<Row, Row> shape = row -> {
            Optional<RowContent> content = reader.read(row);
            Long micros = row.getAs(EVENT_MICROS);
            return RowFactory.create(
                    row.getAs(VectorsTable.ID),
                    row.getAs(VectorsTable.USER_ID),
                    micros,
                    month(micros),
                    row.getAs(VectorsTable.ATTRIBUTES),
                    content.flatMap(RowContent::text).orElse(null),
                    content.map(RowContent::sha256).orElse(null),
                    content.flatMap(RowContent::vector).orElse(null),
                    content.isEmpty() && !row.isNullAt(row.fieldIndex(VectorsTable.VECTOR)));
        };
        return young(some)
                .select(
                        columns.id().as(VectorsTable.ID),
                        columns.user().as(VectorsTable.USER_ID),
                        columns.time()
                                .map(time -> unix_micros(time))
                                .orElse(lit(null).cast(DataTypes.LongType))
                                .as(EVENT_MICROS),
                        columns.attributes().as(VectorsTable.ATTRIBUTES),
                        columns.texts().as(VALUES),
                        columns.vector().as(VectorsTable.VECTOR))
                .map(shape, Encoders.row(SCHEMA));
    }

    private Dataset<Row> young(Dataset<Row> rows) {
        return since.isPresent() && columns.time().isPresent()
                ? rows.where(
                        columns.time().get().isNull().or(columns.time().get().geq(time(since.get()))))
                : rows;
    }

    /** As the lake's tables name their partitions. */
    private static String month(Long micros) {
        if (micros == null) {
            return EventColumns.UNDATED;
        }
        String date = Instant.EPOCH
                .plus(micros, ChronoUnit.MICROS)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
        // Years before 0 and after 9999 have a sign; the day is always the last three characters.
        return date.substring(0, date.length() - 3);
    }
}
