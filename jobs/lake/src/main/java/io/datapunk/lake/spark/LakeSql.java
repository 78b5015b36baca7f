package io.datapunk.lake.spark;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.sql.SqlColumn;
import io.datapunk.lake.sql.SqlResult;
import io.datapunk.lake.sql.SqlSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Runs a statement that a person wrote. What it reads counts as an access. */
public final class LakeSql {
    /** Answers known to be smaller are fetched in one go; larger ones part by part. */
    private static final long ROWS_IN_MEMORY = 10_000;

    private final SparkSession session;

    public LakeSql(SparkSession session) {
        this.session = session;
    }

    /**
     * Runs a statement and keeps the whole answer in memory.
     *
     * @throws LakeException (failed) where the statement is wrong or fails
     */
    public SqlResult run(String statement) {
        SqlResult.Collector collector = new SqlResult.Collector();
        try {
            run(statement, collector);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return collector.result();
    }

    /**
     * Runs a statement and hands its rows on as they come.
     *
     * @throws LakeException (failed) where the statement is wrong or fails
     * @throws IOException where the sink fails
     */
    public void run(String statement, SqlSink sink) throws IOException {
        try {
            Dataset<Row> answer = session.sql(statement);
            List<SqlColumn> columns = new ArrayList<>();
            for (var field : answer.schema().fields()) {
                columns.add(new SqlColumn(field.name(), field.dataType().simpleString()));
            }
            sink.columns(columns);
            for (Iterator<Row> rows = rows(answer); rows.hasNext(); ) {
                sink.row(values(rows.next()));
            }
            sink.end();
        } catch (LakeException alreadyClear) {
            throw alreadyClear;
        } catch (IOException sinkFailed) {
            throw sinkFailed;
        } catch (Exception failure) {
            throw new SqlFailure(session).explain(failure);
        }
    }

    private static Iterator<Row> rows(Dataset<Row> answer) {
        Option<Object> most = ((org.apache.spark.sql.classic.Dataset<Row>) answer)
                .queryExecution()
                .optimizedPlan()
                .maxRows();
        boolean small = most.isDefined() && ((Number) most.get()).longValue() <= ROWS_IN_MEMORY;
        return small ? answer.collectAsList().iterator() : answer.toLocalIterator();
    }

    private static List<Object> values(Row row) {
        List<Object> values = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            values.add(plain(row.get(i)));
        }
        return values;
    }

    private static Object plain(Object value) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float number) {
            // By way of the text: 0.1f is 0.1 to a person, not 0.10000000149011612.
            return Double.valueOf(number.toString());
        }
        if (value instanceof java.sql.Timestamp timestamp) {
            return timestamp.toInstant();
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate();
        }
        if (value instanceof scala.math.BigDecimal number) {
            return number.bigDecimal();
        }
        if (value instanceof Row struct) {
            return struct(struct);
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            CollectionConverters.asJava(map)
                    .forEach((key, element) -> plain.put(String.valueOf(plain(key)), plain(element)));
            return plain;
        }
        if (value instanceof scala.collection.Iterable<?> list) {
            List<Object> plain = new ArrayList<>();
            CollectionConverters.asJava(list).forEach(element -> plain.add(plain(element)));
            return plain;
        }
        return isPlain(value) ? value : value.toString();
    }

    private static boolean isPlain(Object value) {
        return value == null
                || value instanceof Boolean
                || value instanceof Long
                || value instanceof Double
                || value instanceof BigDecimal
                || value instanceof byte[]
                || value instanceof java.time.Instant
                || value instanceof java.time.LocalDate
                || value instanceof java.time.LocalDateTime;
    }

    private static Map<String, Object> struct(Row row) {
        Map<String, Object> struct = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
            struct.put(row.schema() == null ? "_" + i : row.schema().fieldNames()[i], plain(row.get(i)));
        }
        return struct;
    }
}
