package io.datapunk.vectors.cluster;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.datapunk.lake.model.table.VectorClustersTable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Finds the words that set clusters apart: those that their rows have more often than all rows do, weighted by how many have
 * them (the pointwise Kullback-Leibler divergence; differential labels in Manning, Raghavan and Schütze, Introduction to
 * Information Retrieval, §17.7). What every row has is no label, in whatever language.
 *
 * <p>A label stands at rows of several persons. Where there are several, a word of one person alone is none: it would outlive
 * his erasure.
 */
final class ClusterLabels {
    private static final int WORDS = 3;
    private static final String WORD = "word";
    private static final String ROWS = "rows";
    private static final String SIZE = "size";
    private static final String WITH_WORD = "with_word";
    private static final String USERS = "users";
    private static final String WEIGHT = "weight";
    private static final String PLACE = "place";

    private ClusterLabels() {}

    /**
     * A row for each cluster that has a label.
     *
     * @param assigned as {@link AssignedRows} makes them
     */
    static Dataset<Row> of(Dataset<Row> assigned) {
        Column cluster = col(VectorClustersTable.CLUSTER);
        Column user = coalesce(col(VectorClustersTable.USER_ID), lit(""));
        Row all = assigned.agg(count(lit(1)), count_distinct(user)).first();
        Dataset<Row> sizes = assigned.groupBy(cluster).agg(count(lit(1)).as(SIZE));
        Dataset<Row> words = assigned.select(
                cluster, user.as(USERS), explode(col(AssignedRows.WORDS)).as(WORD));
        Dataset<Row> shared = words.groupBy(WORD)
                .agg(count(lit(1)).as(WITH_WORD), count_distinct(col(USERS)).as(USERS))
                .where(col(USERS).geq(Math.min(2, all.getLong(1))));
        Column share = col(ROWS).divide(col(SIZE));
        Column expected = col(WITH_WORD).divide(all.getLong(0));
        return words.groupBy(cluster, col(WORD))
                .agg(count(lit(1)).as(ROWS))
                .join(shared, WORD)
                .join(sizes, VectorClustersTable.CLUSTER)
                .withColumn(WEIGHT, share.multiply(log(share.divide(expected))))
                .where(col(WEIGHT).gt(0))
                .withColumn(
                        PLACE,
                        row_number()
                                .over(Window.partitionBy(cluster)
                                        .orderBy(col(WEIGHT).desc(), col(WORD))))
                .where(col(PLACE).leq(WORDS))
                .groupBy(cluster)
                .agg(concat_ws(
                                ", ",
                                sort_array(collect_list(struct(col(PLACE), col(WORD))))
                                        .getField(WORD))
                        .as(VectorClustersTable.LABEL));
    }
}
