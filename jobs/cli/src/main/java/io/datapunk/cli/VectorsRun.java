package io.datapunk.cli;

import io.datapunk.cli.export.Input;
import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.build.BuildJob;
import io.datapunk.vectors.embed.EmbedJob;
import io.datapunk.vectors.embed.ExpireJob;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/** Makes vectors and indexes of collections, and tells how far they are. */
final class VectorsRun {
    /** What was embedded of a collection, as {@code --json} prints it. */
    record Embedded(
            String collection,
            String source,
            long sourceVersion,
            String model,
            long read,
            long empty,
            long unfit,
            long inserted,
            long updated,
            long deleted,
            long encoded) {}

    /**
     * A collection.
     *
     * @param vectors rows of its table; null: there is none
     * @param index version of what is published; null: nothing
     * @param current whether the index has the newest version of the table
     */
    record Listed(
            String collection,
            String source,
            boolean enabled,
            Long vectors,
            Long index,
            Long rows,
            Integer shards,
            Long bytes,
            Double recall,
            Boolean current) {}

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    VectorsRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome embed(List<String> names) {
        refuseDryRun();
        List<CollectionConfig> collections = collections(names, CollectionConfig::source);
        SparkSession spark = LakeSession.open(config, home);
        List<Embedded> embedded = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (CollectionConfig collection : collections) {
            EmbedJob.Report report = new EmbedJob(spark, config, home)
                    .run(new EmbedJob.Request(collection.name(), invocation.now()), invocation.progress());
            embedded.add(new Embedded(
                    report.collection(),
                    report.source().toString(),
                    report.sourceVersion(),
                    report.model(),
                    report.read(),
                    report.empty(),
                    report.unfit(),
                    report.inserted(),
                    report.updated(),
                    report.deleted(),
                    report.encoded()));
            warnings.addAll(report.warnings());
        }
        return Outcome.of(embedded, out -> printEmbedded(embedded, out))
                .withWarnings(warnings)
                .withInputs(embedded.stream()
                        .map(one -> new Input.Table(DatasetName.parse(one.source()), one.sourceVersion()))
                        .toList());
    }

    private static void printEmbedded(List<Embedded> embedded, PrintWriter out) {
        List<String> numbers = List.of("READ", "NEW", "CHANGED", "GONE", "WITHOUT TEXT", "ENCODED");
        List<String> headings = new ArrayList<>(List.of("COLLECTION", "SOURCE"));
        headings.addAll(numbers);
        TextTable table = new TextTable(headings, Set.copyOf(numbers));
        embedded.forEach(of -> table.add(
                of.collection(),
                of.source(),
                Amounts.count(of.read()),
                Amounts.count(of.inserted()),
                Amounts.count(of.updated()),
                Amounts.count(of.deleted()),
                Amounts.count(of.empty() + of.unfit()),
                Amounts.count(of.encoded())));
        table.print(out);
    }

    Outcome build(List<String> names, boolean full) {
        refuseDryRun();
        List<CollectionConfig> collections = collections(names, collection -> VectorsTable.name(collection.name()));
        SparkSession spark = LakeSession.open(config, home);
        List<BuildJob.Report> built = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<LakeException> gates = new ArrayList<>();
        for (CollectionConfig collection : collections) {
            try {
                BuildJob.Report report = new BuildJob(spark, config, home)
                        .run(new BuildJob.Request(collection, full, invocation.now()), invocation.progress());
                built.add(report);
                report.damages().forEach(damage -> warnings.add(damage + "; its rows were built anew"));
            } catch (LakeException e) {
                // The others have nothing to do with it.
                if (e.kind() != LakeException.Kind.GATE) {
                    throw e;
                }
                gates.add(e);
                warnings.add(e.getMessage());
            }
        }
        return new Outcome(
                built, out -> printBuilt(built, out), warnings, gates.stream().findFirst());
    }

    private static void printBuilt(List<BuildJob.Report> built, PrintWriter out) {
        List<String> numbers = List.of("ROWS", "NEW", "GONE", "BUILT", "SHARDS", "BYTES", "RECALL");
        List<String> headings = new ArrayList<>(List.of("COLLECTION"));
        headings.addAll(numbers);
        TextTable table = new TextTable(headings, Set.copyOf(numbers));
        built.forEach(of -> table.add(
                of.collection(),
                Amounts.count(of.rows()),
                Amounts.count(of.newRows()),
                Amounts.count(of.goneRows()),
                Amounts.count(of.builtRows()),
                Amounts.count(of.shards()),
                Amounts.bytes(of.bytes()),
                recall(of.recall())));
        table.print(out);
    }

    Outcome expire(List<String> names) {
        List<CollectionConfig> collections = collections(names, collection -> VectorsTable.name(collection.name()));
        SparkSession spark = LakeSession.open(config, home);
        List<ExpireJob.Report> expired = collections.stream()
                .map(collection -> new ExpireJob(spark, config, home)
                        .run(new ExpireJob.Request(collection, invocation.now(), invocation.dryRun())))
                .toList();
        return Outcome.of(expired, out -> printExpired(expired, out));
    }

    private void printExpired(List<ExpireJob.Report> expired, PrintWriter out) {
        TextTable table = new TextTable(
                List.of("COLLECTION", "KEPT FROM", invocation.dryRun() ? "WOULD GO" : "REMOVED"),
                Set.of("WOULD GO", "REMOVED"));
        expired.forEach(of -> table.add(
                of.collection(), of.before().map(Instant::toString).orElse("ever"), Amounts.count(of.rows())));
        table.print(out);
    }

    Outcome status() {
        invocation.refuseDryRun("this", "it changes nothing", "leave --dry-run out");
        TableLog log = TableLog.of(config, home);
        List<Listed> listed = new ArrayList<>();
        for (CollectionConfig collection : config.vectors().collections().values()) {
            Optional<TableSnapshot> table = log.snapshot(VectorsTable.name(collection.name()));
            Optional<IndexManifest> index = IndexStore.of(home, Stores.configuration(config), collection.name())
                    .current();
            listed.add(new Listed(
                    collection.name(),
                    collection.source().toString(),
                    collection.enabled(),
                    table.map(TableSnapshot::rows).orElse(null),
                    index.map(IndexManifest::version).orElse(null),
                    index.map(IndexManifest::rows).orElse(null),
                    index.map(manifest -> manifest.shards().size()).orElse(null),
                    index.map(IndexManifest::bytes).orElse(null),
                    index.map(IndexManifest::recall).orElse(null),
                    index.map(manifest -> table.map(TableSnapshot::version)
                                    .filter(version -> version == manifest.deltaVersion())
                                    .isPresent())
                            .orElse(null)));
        }
        return Outcome.of(listed, out -> printListed(listed, out));
    }

    private static void printListed(List<Listed> listed, PrintWriter out) {
        TextTable table = new TextTable(
                List.of("COLLECTION", "SOURCE", "VECTORS", "INDEX", "ROWS", "BYTES", "RECALL", "STATE"),
                Set.of("VECTORS", "INDEX", "ROWS", "BYTES", "RECALL"));
        listed.forEach(of -> table.add(
                of.collection(),
                of.source(),
                of.vectors() == null ? "" : Amounts.count(of.vectors()),
                of.index() == null ? "" : of.index().toString(),
                of.rows() == null ? "" : Amounts.count(of.rows()),
                of.bytes() == null ? "" : Amounts.bytes(of.bytes()),
                of.recall() == null ? "" : recall(of.recall()),
                state(of)));
        table.print(out);
    }

    private static String state(Listed of) {
        if (!of.enabled()) {
            return "disabled";
        }
        if (of.vectors() == null) {
            return "to be embedded";
        }
        if (of.index() == null) {
            return "to be built";
        }
        return of.current() ? "current" : "behind its table";
    }

    private static String recall(double share) {
        return String.format(Locale.ROOT, "%.4f", share);
    }

    /** Those that were named; else those that are enabled and have what they are made of. */
    private List<CollectionConfig> collections(List<String> names, Function<CollectionConfig, DatasetName> madeOf) {
        if (!names.isEmpty()) {
            return names.stream().map(config.vectors()::require).toList();
        }
        TableLog log = TableLog.of(config, home);
        List<CollectionConfig> found = config.vectors().collections().values().stream()
                .filter(CollectionConfig::enabled)
                .filter(collection -> log.snapshot(madeOf.apply(collection)).isPresent())
                .toList();
        if (found.isEmpty()) {
            throw LakeException.usage(
                    "there is nothing to do",
                    "of the collections that are enabled none has a table to be made of",
                    "`lake vectors status` lists them; bring rows in with `lake ingest`, and make vectors with `lake vectors"
                            + " embed`");
        }
        return found;
    }

    private void refuseDryRun() {
        invocation.refuseDryRun(
                "this", "what would be made is known only when it is", "`lake vectors status` tells what is behind");
    }
}
