package io.datapunk.maintenance.advice;

import io.datapunk.lake.config.PostgresConfig;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.ServerSettings;
import io.datapunk.lake.postgres.ServerWorkload;
import io.datapunk.lake.postgres.ServerWorkload.Reads;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import io.datapunk.lake.postgres.TuningTrials;
import io.datapunk.lake.postgres.TuningTrials.Search;
import io.datapunk.lake.postgres.TuningTrials.SearchedColumn;
import io.datapunk.lake.postgres.TuningTrials.Trial;
import io.datapunk.maintenance.advice.Advice.Effect;
import io.datapunk.maintenance.advice.Advice.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What would make PostgreSQL answer sooner, or with less. */
final class ServerAdvice {
    /** So many times less has a search to look at, for an index has its price too. */
    private static final double WORTH = 4;

    /** Something that is done once a week is seen. */
    private static final Duration COUNTED = Duration.ofDays(7);

    /** A table that is not read tells nothing of its indexes. */
    private static final long LEAST_READS = 100;

    private static final String SHARED_BUFFERS = "shared_buffers";

    /** [000: cache_hit_ratio_target 99 %] */
    private static final double CACHE_HITS = 0.99;

    /** [ours: less is hardly felt] */
    private static final double READ_SHARE = 0.1;

    private static final long LEAST_BYTES = 1L << 20;
    private static final int MOST_TRIALS = 10;

    private final PostgresConnection server;
    private final PostgresConfig config;
    private final PartitionColumns partitionColumns = new PartitionColumns();
    private final List<Advice> advice = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    ServerAdvice(PostgresConnection server, PostgresConfig config) {
        this.server = server;
        this.config = config;
    }

    Advised of(Instant now, Progress progress) {
        ServerWorkload workload = ServerWorkload.read(server);
        problems.addAll(workload.problems());
        if (workload.unexplained() > 0 && workload.problems().isEmpty()) {
            problems.add(
                    "PostgreSQL tells no plan of " + workload.unexplained() + " of "
                            + workload.queries().size()
                            + " counted queries: they name tables without their schema or tables that are gone, or leave types open");
        }
        List<ObservedQuery> queries =
                workload.queries().stream().map(ObservedQuery::of).toList();
        ServerTables tables = new ServerTables(workload.tables());
        try (TuningTrials trials = TuningTrials.open(server);
                Progress.Stage stage = progress.begin("trying", Progress.UNKNOWN_TOTAL, "changes")) {
            Trier trier = new Trier(stage);
            new MissingIndexes(tables, partitionColumns)
                    .of(queries).stream()
                            .limit(MOST_TRIALS)
                            .forEach(candidate -> trier.run(
                                    "an index on " + candidate.table() + " (" + names(candidate.columns()) + ")",
                                    trials.index(candidate.largest(), candidate.columns()),
                                    trial -> missing(candidate, trial)));
            new UnprunedScans(tables, partitionColumns)
                    .of(queries)
                    .forEach(candidate -> trier.run(
                            "naming the partitions of " + candidate.table(),
                            trials.pruning(
                                    candidate.table(),
                                    candidate.largest(),
                                    candidate.timeColumn(),
                                    candidate.partitionColumn()),
                            trial -> unpruned(candidate, trial)));
            Spills.of(queries, tables)
                    .forEach(candidate -> trier.run(
                            "more memory for " + candidate.role(),
                            trials.sort(candidate.table(), candidate.bytes(), megabytes(candidate.workMemory())),
                            trial -> memory(candidate, trial)));
        }
        indexes(workload, now);
        if (!config.embedded()) {
            buffers(workload.reads());
        }
        return new Advised(advice, problems);
    }

    /** Keeps what a trial has found worth it, and tells what could not be tried. */
    private final class Trier {
        private final Progress.Stage stage;

        private Trier(Progress.Stage stage) {
            this.stage = stage;
        }

        private void run(String what, Optional<Trial> trial, Function<Trial, Optional<Advice>> judge) {
            trial.ifPresentOrElse(
                    result -> judge.apply(result).ifPresent(advice::add),
                    () -> problems.add("it could not be tried what " + what + " would bring"));
            stage.advance(1);
        }
    }

    private Optional<Advice> missing(MissingIndexes.Candidate candidate, Trial trial) {
        if (trial.before().pages() < WORTH * trial.after().pages()) {
            return Optional.empty();
        }
        return Optional.of(new Advice(
                Kind.MISSING_INDEX,
                candidate.table().toString(),
                candidate.usage() + ", and read it from end to end for " + searched(candidate.columns()),
                pages(
                        trial,
                        String.format(
                                Locale.ROOT,
                                "a search among %,d rows of %s, for which the index takes %,d bytes",
                                trial.rows(),
                                where(candidate),
                                trial.addedBytes())),
                createIndex(candidate.table(), candidate.columns())));
    }

    private static String where(MissingIndexes.Candidate candidate) {
        return candidate.largest().name().equals(candidate.table()) ? "it" : "its largest partition";
    }

    private Optional<Advice> unpruned(UnprunedScans.Candidate candidate, Trial trial) {
        if (trial.before().pages() < 2 * trial.after().pages()) {
            return Optional.empty();
        }
        String column = candidate.partitionColumn();
        return Optional.of(new Advice(
                Kind.UNPRUNED_PARTITIONS,
                candidate.table().toString(),
                candidate.usage() + ", name " + candidate.timeColumn() + " but not " + column + ", and look into all "
                        + candidate.partitions() + " partitions",
                pages(trial, "a count of one day"),
                "add to the query: AND " + column + " BETWEEN to_char(<first time> AT TIME ZONE 'UTC', '"
                        + format(column) + "') AND to_char(<last time> AT TIME ZONE 'UTC', '" + format(column)
                        + "')"));
    }

    private static String format(String partitionColumn) {
        return partitionColumn.equals("day") ? "YYYY-MM-DD" : "YYYY-MM";
    }

    private Optional<Advice> memory(Spills.Candidate candidate, Trial trial) {
        if (trial.before().temporaryPages() == 0 || trial.after().temporaryPages() > 0) {
            return Optional.empty();
        }
        return Optional.of(new Advice(
                Kind.MEMORY,
                "role " + candidate.role(),
                candidate.usage()
                        + String.format(Locale.ROOT, ", each writing %,d bytes to temporary files", candidate.bytes()),
                new Effect(
                        "temporary_pages",
                        trial.before().temporaryPages(),
                        trial.after().temporaryPages(),
                        String.format(
                                Locale.ROOT,
                                "a sort of %,d rows of %s, %,.1f ms before and %,.1f ms after",
                                trial.rows(),
                                candidate.table().root(),
                                trial.before().milliseconds(),
                                trial.after().milliseconds())),
                "ALTER ROLE " + quoted(candidate.role()) + " SET work_mem = '" + megabytes(candidate.workMemory())
                        + "'"));
    }

    /** A server on a machine of its own; the embedded one leaves the memory to Spark. */
    private void buffers(Reads reads) {
        Optional<ServerSettings.Difference> larger = ServerSettings.differences(server).stream()
                .filter(setting -> setting.setting().equals(SHARED_BUFFERS))
                .findFirst();
        if (larger.isEmpty() || reads.cacheHits() >= CACHE_HITS) {
            return;
        }
        if (reads.readMs() == 0) {
            problems.add("what more memory for PostgreSQL would save is not known: set track_io_timing = on");
        } else if (reads.readShare() >= READ_SHARE) {
            advice.add(new Advice(
                    Kind.MEMORY,
                    SHARED_BUFFERS + " = " + larger.get().found(),
                    String.format(
                            Locale.ROOT,
                            "%.1f %% of %,d pages were found in the server's memory, not 99 %%",
                            100 * reads.cacheHits(),
                            reads.pagesHit() + reads.pagesRead()),
                    new Effect(
                            "percent_of_time_reading",
                            100 * reads.readShare(),
                            0,
                            "the time of all statements since the server counts: more than that cannot be saved"),
                    "ALTER SYSTEM SET " + SHARED_BUFFERS + " = '" + larger.get().advised()
                            + "', and restart the server"));
        }
    }

    private void indexes(ServerWorkload workload, Instant now) {
        List<IndexUse> uses = IndexUse.of(workload.indexes(), workload.tables());
        boolean isCounted = workload.countedSince()
                .filter(since -> since.plus(COUNTED).isBefore(now))
                .isPresent();
        for (IndexUse use : uses) {
            if (use.isNeeded() || use.bytes() < LEAST_BYTES) {
                continue;
            }
            Optional<IndexUse> instead = IndexUse.instead(use, uses);
            if (instead.isPresent()) {
                advice.add(superfluous(
                        Kind.DUPLICATE_INDEX,
                        use,
                        "every search that it serves is served by "
                                + instead.get().definition() + " as well"));
            } else if (isCounted && use.scans() == 0 && use.reads() >= LEAST_READS) {
                advice.add(superfluous(
                        Kind.UNUSED_INDEX,
                        use,
                        String.format(
                                Locale.ROOT,
                                "no search has used it since %s, while its table was read %,d times",
                                workload.countedSince().orElseThrow(),
                                use.reads())));
            }
        }
    }

    private Advice superfluous(Kind kind, IndexUse use, String evidence) {
        return new Advice(
                kind,
                use.table() + " " + use.definition(),
                evidence,
                new Effect("bytes", use.bytes(), 0, "the size of the index"),
                dropIndex(use));
    }

    private String dropIndex(IndexUse use) {
        Optional<TableDefinition> lakes = partitionColumns.definition(use.table());
        if (use.isOfPartitions() && lakes.isPresent()) {
            return "take " + use.definition() + " out of " + setting(lakes.get())
                    + "; months have it until they are loaded anew";
        }
        // A partitioned index has no concurrent way.
        String how = use.example().attachedTo().isPresent() ? "DROP INDEX " : "DROP INDEX CONCURRENTLY ";
        return use.names().stream().map(name -> how + name).collect(Collectors.joining("; "));
    }

    private String createIndex(TableName table, List<SearchedColumn> columns) {
        Search search = columns.get(0).search();
        Optional<TableDefinition> lakes = partitionColumns.definition(table);
        if (lakes.isPresent()) {
            String method =
                    switch (search) {
                        case EQUAL, RANGE -> "";
                        case PART -> "method = trigram, ";
                        case CONTAINED -> "method = gin, ";
                    };
            return setting(lakes.get()) + " += {" + method + "columns = ["
                    + columns.stream().map(column -> quoted(column.column())).collect(Collectors.joining(", ")) + "]}";
        }
        String keys = columns.stream().map(column -> quoted(column.column())).collect(Collectors.joining(", "));
        return "CREATE INDEX CONCURRENTLY ON " + table.sql()
                + switch (search) {
                    case EQUAL, RANGE -> " (" + keys + ")";
                    case PART -> " USING gin (" + keys + " gin_trgm_ops)";
                    case CONTAINED -> " USING gin (" + keys + ")";
                };
    }

    private static String setting(TableDefinition table) {
        return "lake.datasets.\"" + table.name() + "\".tiering.hot.indexes";
    }

    private static Effect pages(Trial trial, String what) {
        return new Effect(
                "pages",
                trial.before().pages(),
                trial.after().pages(),
                String.format(
                        Locale.ROOT,
                        "%s; %,.1f ms before and %,.1f ms after",
                        what,
                        trial.before().milliseconds(),
                        trial.after().milliseconds()));
    }

    private static String names(List<SearchedColumn> columns) {
        return columns.stream().map(SearchedColumn::column).collect(Collectors.joining(", "));
    }

    private static String searched(List<SearchedColumn> columns) {
        return columns.stream()
                .map(column -> column.column()
                        + switch (column.search()) {
                            case EQUAL -> " = …";
                            case RANGE -> " in a range";
                            case PART -> " LIKE …";
                            case CONTAINED -> " @> …";
                        })
                .collect(Collectors.joining(" and "));
    }

    private static String megabytes(long bytes) {
        return Math.max(1, bytes >> 20) + "MB";
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
