package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.UsersTable;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Finds the surrogates of persons. */
public final class LakePersons {
    private final SparkSession spark;
    private final LakeHome home;

    public LakePersons(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /** @throws LakeException (usage) where the lake knows nobody of that name */
    public String surrogate(String name) {
        return find(name).orElseThrow(() -> unknown(name));
    }

    /** What to tell where the lake knows nobody of that name. */
    public static LakeException unknown(String name) {
        return LakeException.usage(
                "the lake has no user '" + name + "'",
                "lake.users has no such name",
                "give the name that `lake ingest --user` was given");
    }

    /** Empty where the lake knows nobody of that name. */
    public Optional<String> find(String name) {
        boolean anybody = new TableLog(home, spark.sparkContext().hadoopConfiguration())
                .snapshot(UsersTable.DEFINITION.name())
                .isPresent();
        Stream<String> found = anybody
                ? spark
                        .read()
                        .format("delta")
                        .load(home.tablePath(UsersTable.DEFINITION.name()))
                        .where(col(UsersTable.NAME).equalTo(name))
                        .select(UsersTable.USER_ID)
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(0))
                : Stream.of();
        return found.findFirst();
    }
}
