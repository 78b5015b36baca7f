package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.LakeSql;
import io.datapunk.lake.sql.SqlFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Goes through what a first command does, in a temporary lake, so that Java can archive the classes which that loads. The
 * launcher runs it with the options that write such an archive; nothing else does.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /** Takes {@code spark} or, after that, {@code light}, and an empty folder that the launcher removes. */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[1]);
        if (arguments[0].equals("spark")) {
            rehearse(home);
        }
        rehearseWithoutSpark(home);
        System.exit(0);
    }

    private static void rehearse(Path home) throws IOException {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
        LakeHome lake = LakeHome.open(config);
        SparkSession session = LakeSession.open(config, lake);
        session.range(1000)
                .selectExpr("id", "concat('title ', id) as title", "concat('2026-0', 1 + id % 3) as month")
                .write()
                .format("delta")
                .partitionBy("month")
                .save(home.resolve("tables/user_data/activity").toString());
        StringWriter printed = new StringWriter();
        for (String statement : new String[] {
            "select month, count(*) as records, min(title) from user_data.activity group by month order by month",
            "select title from user_data.activity where month = '2026-02' order by id limit 5",
            "select a.title from user_data.activity a join user_data.activity b on a.id = b.id where a.month = '2026-01'",
            "show tables in user_data"
        }) {
            new LakeSql(session.newSession()).run(statement, SqlFormat.TABLE.to(printed));
        }
        session.stop();
    }

    private static void rehearseWithoutSpark(Path home) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (String[] command : new String[][] {
            {"--help"},
            {"--version"},
            {"tables", "--lake", home.toString()},
            {"tables", "--json", "--lake", home.toString()}
        }) {
            Cli.run(command, nowhere, nowhere, Map.of());
        }
    }
}
