package io.datapunk.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake ingest}. */
@Command(
        name = "ingest",
        description = "Take an export in: Google Takeout, or any archive or folder of JSON, CSV and mail."
                + " The same export again adds nothing.")
final class IngestCommand implements Job {
    @Parameters(
            paramLabel = "EXPORT",
            arity = "1..*",
            description = "Zip, tar, tgz or folder; give all parts of one export at once.")
    private List<Path> exports;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            required = true,
            description = "Whose data it is; the name stays in lake.users, all else carries a random id.")
    private String user;

    @Override
    public Outcome run(Invocation invocation) {
        return new IngestRun(invocation).run(exports, user);
    }
}
