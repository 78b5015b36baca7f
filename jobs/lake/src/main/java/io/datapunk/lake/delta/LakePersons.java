package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.UsersTable;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
        return users().flatMap(users ->
                users.where(col(UsersTable.NAME).equalTo(name)).select(UsersTable.USER_ID).collectAsList().stream()
                        .map(row -> row.getString(0))
                        .findFirst());
    }

    /** A name or surrogate of somebody whom the lake knows that stands in a text as words of its own, in whatever capitals. */
    public Optional<String> namedIn(String text) {
        return users().flatMap(users -> users.select(UsersTable.NAME, UsersTable.USER_ID).collectAsList().stream()
                .flatMap(row -> Stream.of(row.getString(0), row.getString(1)))
                .filter(word -> Pattern.compile(
                                "(?<![\\p{L}\\p{N}])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}])",
                                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(text)
                        .find())
                .findFirst());
    }

    private Optional<Dataset<Row>> users() {
        return new TableLog(home, spark.sparkContext().hadoopConfiguration())
                .snapshot(UsersTable.DEFINITION.name())
                .map(any -> spark.read().format("delta").load(home.tablePath(UsersTable.DEFINITION.name())));
    }
}
