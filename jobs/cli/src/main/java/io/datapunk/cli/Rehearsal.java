package io.datapunk.cli;

import io.datapunk.ingest.sample.SampleExport;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.LakeSql;
import io.datapunk.lake.sql.SqlFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Goes through what first commands do, in a temporary lake, so that Java can archive the classes which they load. The
 * launcher runs it with the options that write such an archive; nothing else does.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /** Takes {@code spark} or, after that, {@code light}, and an empty folder that the launcher removes. */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[1]);
        if (arguments[0].equals("spark")) {
            rehearse(home.resolve("sql"));
            rehearseIngest(home.resolve("export"), home.resolve("ingest"));
        }
        rehearseWithoutSpark(home.resolve("ingest"));
        rehearseShell(home.resolve("ingest"));
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

    /** Java also keeps how often each method ran and with what, so that a real import is compiled well from the start. */
    private static void rehearseIngest(Path export, Path home) throws IOException {
        Files.createDirectories(export);
        List<String> command = new ArrayList<>(List.of("ingest", "--user", "rehearsal", "--lake", home.toString()));
        SampleExport.write(export, 1, 1).containers().forEach(container -> command.add(container.toString()));
        run(command.toArray(String[]::new));
    }

    private static void rehearseWithoutSpark(Path home) {
        for (String[] command : new String[][] {
            {"--help"},
            {"--version"},
            {"tables", "--lake", home.toString()},
            {"tables", "--json", "--lake", home.toString()}
        }) {
            run(command);
        }
    }

    /** As far as it goes without a statement, for which another process answers. */
    private static void rehearseShell(Path home) throws IOException {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
        InputStream keys =
                new ByteArrayInputStream("selec\t 1\u0003\\d user_data.act\t\r\\q\r".getBytes(StandardCharsets.UTF_8));
        try (Terminal terminal = TerminalBuilder.builder()
                .streams(keys, OutputStream.nullOutputStream())
                .type("xterm")
                .encoding(StandardCharsets.UTF_8)
                .build()) {
            new SqlShell(config, terminal, SqlFormat.TABLE, Optional.empty()).run();
        }
    }

    private static void run(String... command) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Cli.run(command, nowhere, System.err, Map.of());
    }
}
