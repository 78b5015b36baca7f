package io.datapunk.cli;

import io.datapunk.vectors.search.SearchJob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake vectors}. */
@Command(
        name = "vectors",
        description = "Make vectors of texts, build indexes over them, and find what means the same.",
        subcommands = {
            VectorsCommand.Embed.class,
            VectorsCommand.Build.class,
            VectorsCommand.Search.class,
            VectorsCommand.Neighbours.class,
            VectorsCommand.Cluster.class,
            VectorsCommand.Outliers.class,
            VectorsCommand.Publish.class,
            VectorsCommand.Expire.class,
            VectorsCommand.Status.class
        })
final class VectorsCommand {
    private static final String COLLECTIONS =
            "Collections of lake.vectors.collections. Default: all that are enabled and whose table there is.";

    /** {@code lake vectors embed}. */
    @Command(
            name = "embed",
            description =
                    "Make vectors of the rows that have none, or whose text has changed, and remove those whose rows"
                            + " are gone or older than the collection keeps.")
    static final class Embed implements Job {
        @Parameters(paramLabel = "COLLECTION", description = COLLECTIONS)
        private List<String> collections = List.of();

        @Override
        public Outcome run(Invocation invocation) {
            return new VectorsRun(invocation).embed(collections);
        }
    }

    /** {@code lake vectors build}. */
    @Command(
            name = "build",
            description =
                    "Bring indexes to the newest version of their tables, compare them with exact searches, and publish"
                            + " those that find enough. Others end with exit code 3, and the indexes before stay.")
    static final class Build implements Job {
        @Parameters(paramLabel = "COLLECTION", description = COLLECTIONS)
        private List<String> collections = List.of();

        @Option(names = "--full", description = "Build all rows anew, whatever is there.")
        private boolean full;

        @Override
        public Outcome run(Invocation invocation) {
            return new VectorsRun(invocation).build(collections, full);
        }
    }

    /** {@code lake vectors search}. */
    @Command(
            name = "search",
            description = "Find rows that mean what a text says.",
            footer = {
                "",
                "Example: lake vectors search \"boats on a lake\" --user ann --from 2025-01-01T00:00:00Z --where product=Search"
            })
    static final class Search implements Job {
        @Parameters(paramLabel = "TEXT", description = "What to look for.")
        private String text;

        @Option(
                names = "--collection",
                paramLabel = "NAME",
                split = ",",
                description = "Collections to search. Default: all that are enabled and have an index over texts.")
        private List<String> collections = List.of();

        @Option(
                names = "--top",
                paramLabel = "N",
                defaultValue = "10",
                description = "Most rows to find, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int most;

        @Option(names = "--user", paramLabel = "NAME", description = "Rows of this person only, as in `lake ingest`.")
        private String user;

        @Option(names = "--from", paramLabel = "TIME", description = "Rows of this time and later only.")
        private Instant from;

        @Option(names = "--to", paramLabel = "TIME", description = "Rows from before this time only.")
        private Instant to;

        @Option(
                names = "--where",
                paramLabel = "NAME=VALUE",
                description = "Rows with this value only; names are the collection's filters.")
        private Map<String, String> attributes = Map.of();

        @Option(names = "--words", description = "Also bring up rows that have the text's words.")
        private boolean words;

        @Option(
                names = "--threshold",
                paramLabel = "SCORE",
                description = "What a row has to reach. Default: the collection's score-threshold.")
        private Double threshold;

        @Override
        public Outcome run(Invocation invocation) {
            return new VectorSearchRun(invocation)
                    .run(new SearchJob.Request(
                            text,
                            collections,
                            most,
                            Optional.ofNullable(user),
                            Optional.ofNullable(from),
                            Optional.ofNullable(to),
                            attributes,
                            words,
                            Optional.ofNullable(threshold)));
        }

        @Override
        public boolean changesTables() {
            return false;
        }
    }

    /** {@code lake vectors neighbours}. */
    @Command(
            name = "neighbours",
            description =
                    "Look up the rows that are nearest to each row of a collection; they stand in vectors.neighbours.")
    static final class Neighbours implements Job {
        @Parameters(paramLabel = "COLLECTION", description = "Whose rows.")
        private String collection;

        @Option(
                names = "--in",
                paramLabel = "COLLECTION",
                description = "Where to look for their neighbours. Default: the same.")
        private String searched;

        @Option(
                names = "--top",
                paramLabel = "N",
                defaultValue = "10",
                description = "Neighbours of each row, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int most;

        @Override
        public Outcome run(Invocation invocation) {
            return new VectorTablesRun(invocation).neighbours(collection, Optional.ofNullable(searched), most);
        }
    }

    /** {@code lake vectors cluster}. */
    @Command(
            name = "cluster",
            description =
                    "Find out what a collection is about: its clusters, the words that set each apart, and the rows that"
                            + " represent it; every row's stands in vectors.clusters.")
    static final class Cluster implements Job {
        @Parameters(paramLabel = "COLLECTION", description = "Whose rows.")
        private String collection;

        @Option(
                names = "--clusters",
                paramLabel = "N",
                description = "How many to look for, 1 to 10000. Default: the root of half the rows, 1000 at most.")
        private Integer clusters;

        @Override
        public Outcome run(Invocation invocation) {
            return new VectorTablesRun(invocation)
                    .cluster(collection, clusters == null ? OptionalInt.empty() : OptionalInt.of(clusters));
        }
    }

    /** {@code lake vectors outliers}. */
    @Command(
            name = "outliers",
            description =
                    "Find the rows of a collection that are unlike all others: the local outlier factor of every row, which"
                            + " stands in vectors.outliers.")
    static final class Outliers implements Job {
        @Parameters(paramLabel = "COLLECTION", description = "Whose rows.")
        private String collection;

        @Option(
                names = "--neighbours",
                paramLabel = "N",
                defaultValue = "20",
                description = "Neighbours that each row is compared with, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int neighbours;

        @Option(
                names = "--top",
                paramLabel = "N",
                defaultValue = "10",
                description = "Rows to print, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int shown;

        @Override
        public Outcome run(Invocation invocation) {
            return new VectorTablesRun(invocation).outliers(collection, neighbours, shown);
        }
    }

    /** {@code lake vectors expire}. */
    @Command(
            name = "expire",
            description =
                    "Remove vectors that are older than their collection keeps (`keep`), as `lake vectors embed` does, too."
                            + " Their rows stay in the source.")
    static final class Expire implements Job {
        @Parameters(paramLabel = "COLLECTION", description = COLLECTIONS)
        private List<String> collections = List.of();

        @Override
        public Outcome run(Invocation invocation) {
            return new VectorsRun(invocation).expire(collections);
        }
    }

    /** {@code lake vectors publish}. */
    @Command(
            name = "publish",
            description =
                    "Copy collections into PostgreSQL, searched there by pgvector; each is compared with its table, and"
                            + " takes the older one's place when it finds enough.")
    static final class Publish implements Job {
        @Parameters(paramLabel = "COLLECTION", arity = "1..*", description = "Collections of lake.vectors.collections.")
        private List<String> collections;

        @Override
        public Outcome run(Invocation invocation) {
            return new VectorPublishRun(invocation).run(collections);
        }
    }

    /** {@code lake vectors status}. */
    @Command(name = "status", description = "List the collections, their vectors and their indexes.")
    static final class Status implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return new VectorsRun(invocation).status();
        }

        @Override
        public boolean changesTables() {
            return false;
        }
    }
}
