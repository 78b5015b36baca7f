package io.datapunk.maintenance.advice;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.AccessLogTable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * How often a table was asked with the same columns as filters.
 *
 * @param queries that did so
 * @param partitions that such a query touched, on average
 * @param mostRead the name of the partition that most of them touched; of a whole table {@code schema.dataset/*}
 */
record FilterUse(DatasetName dataset, Set<String> columns, long queries, double partitions, String mostRead) {
    /** [ours: heat looks back as far] */
    static final Duration WINDOW = Duration.ofDays(30);

    /** Of Spark's queries; the most frequent first. */
    static List<FilterUse> read(SparkSession spark, LakeHome home, Instant now) {
        String first = LocalDate.ofInstant(now.minus(WINDOW), ZoneOffset.UTC).toString();
        return spark
                .read()
                .format("delta")
                .load(home.tablePath(AccessLogTable.DEFINITION.name()))
                .where(functions
                        .col(AccessLogTable.DAY)
                        .geq(first)
                        .and(functions
                                .size(functions.col(AccessLogTable.FILTERS))
                                .gt(0)))
                .groupBy(
                        functions
                                .substring_index(functions.col(AccessLogTable.PARTITION), "/", 1)
                                .as("dataset"),
                        functions.col(AccessLogTable.FILTERS))
                .agg(
                        functions
                                .count_distinct(functions.col(AccessLogTable.QUERY_ID))
                                .as("queries"),
                        functions.count(functions.lit(1)).as("touched"),
                        functions.mode(functions.col(AccessLogTable.PARTITION)).as("most_read"))
                .orderBy(functions.desc("queries"), functions.col("dataset"), functions.col(AccessLogTable.FILTERS))
                .collectAsList()
                .stream()
                .map(FilterUse::of)
                .toList();
    }

    private static FilterUse of(Row row) {
        long queries = row.getAs("queries");
        long touched = row.getAs("touched");
        return new FilterUse(
                DatasetName.parse(row.getAs("dataset")),
                new TreeSet<>(row.getList(row.fieldIndex(AccessLogTable.FILTERS))),
                queries,
                (double) touched / queries,
                row.getAs("most_read"));
    }
}
