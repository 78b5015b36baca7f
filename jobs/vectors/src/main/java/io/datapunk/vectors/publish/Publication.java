package io.datapunk.vectors.publish;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.VectorsConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.postgres.MeasuredRecall;
import io.datapunk.lake.postgres.VectorLayout;
import io.datapunk.lake.postgres.VectorLoad;
import io.datapunk.lake.postgres.VectorStore;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * One run that makes a table and lets it serve.
 *
 * @param notices takes what the server said that its operator should know
 */
record Publication(
        VectorStore store,
        SparkSession spark,
        CollectionConfig collection,
        VectorsConfig settings,
        CollectionVersion version,
        VectorLayout layout,
        Consumer<String> notices) {
    /** Returns what was measured; empty where an earlier run had made the table and could not let it serve. */
    Optional<MeasuredRecall> run(Instant now, Progress progress) {
        try (Progress.Stage stage = progress.begin("publishing " + collection.name(), 5, "steps")) {
            Optional<VectorLoad> kept = store.kept(collection.name(), version.number(), layout);
            if (kept.isPresent()) {
                store.serve(kept.get(), now);
                return Optional.empty();
            }
            VectorLoad load = store.load(spark, collection.name(), version.number(), layout, version.data());
            stage.advance(1);
            MeasuredRecall measured = prove(load, stage);
            store.serve(load, now);
            stage.advance(1);
            return Optional.of(measured);
        }
    }

    /** Drops what does not keep its promises. */
    private MeasuredRecall prove(VectorLoad load, Progress.Stage stage) {
        try {
            requireEqual(store.verify(load));
            stage.advance(1);
            store.build(load).forEach(notices);
            stage.advance(1);
            MeasuredRecall measured = store.recall(load, settings.recallSample(), settings.recallNeighbours());
            requireRecall(measured);
            store.keep(load, measured.recall(), comment(measured));
            stage.advance(1);
            return measured;
        } catch (RuntimeException e) {
            try {
                store.discard(load);
            } catch (RuntimeException leftToTheNextRun) {
                e.addSuppressed(leftToTheNextRun);
            }
            throw e;
        }
    }

    private void requireEqual(Verification verification) {
        if (!verification.matches()) {
            throw LakeException.gate(
                    "collection " + collection.name() + " is not published",
                    "PostgreSQL holds " + verification.found() + ", and Delta " + verification.expected(),
                    "run the command again; what was published before still serves");
        }
    }

    private void requireRecall(MeasuredRecall measured) {
        if (measured.recall() < collection.recall()) {
            throw LakeException.gate(
                    "collection " + collection.name() + " is not published",
                    recall(measured) + " by " + layout + ", below the " + collection.recall() + " that it asks for",
                    "let searches look further (hnsw.ef or ivf.probes in lake.vectors.collections." + collection.name()
                            + "), or raise hnsw.m and hnsw.ef-construction, or lower ivf.lists; what was published before"
                            + " still serves");
        }
    }

    private String comment(MeasuredRecall measured) {
        return "Collection " + collection.name() + " at Delta version " + version.number() + ": " + layout + "; "
                + recall(measured);
    }

    private String recall(MeasuredRecall measured) {
        String setting = layout.searchSetting().isEmpty() ? "" : " with SET " + layout.searchSetting();
        return String.format(
                Locale.ROOT,
                "recall@%d of %d searches%s is %.3f",
                measured.neighbours(),
                measured.queries(),
                setting,
                measured.recall());
    }
}
