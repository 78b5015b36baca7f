package io.datapunk.maintenance.task;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.LogHistory;
import io.datapunk.lake.delta.LogHistory.Extent;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Gives the logs of Delta tables the checkpoints that they lack, and takes what the tables need to keep no longer. */
final class TableLogs {
    private final TableLog log;
    private final LakeHome home;
    private final Supplier<SparkSession> spark;

    TableLogs(LakeConfig config, LakeHome home, Supplier<SparkSession> spark) {
        this.log = TableLog.of(config, home);
        this.home = home;
        this.spark = spark;
    }

    Work.Done run(Instant now, boolean dryRun) {
        List<Figure> figures = new ArrayList<>();
        LogHistory history = new LogHistory(spark.get(), home);
        for (DatasetName dataset : log.tables()) {
            Extent before = history.measure(dataset);
            if (!before.isUntidy(now)) {
                continue;
            }
            String subject = dataset.toString();
            if (dryRun) {
                figures.add(Figure.found(subject, Quantity.COMMITS_SINCE_CHECKPOINT, before.uncheckpointed()));
                continue;
            }
            history.tidy(dataset);
            Extent after = history.measure(dataset);
            figures.add(Figure.of(
                    subject, Quantity.COMMITS_SINCE_CHECKPOINT, before.uncheckpointed(), after.uncheckpointed()));
            figures.add(Figure.of(subject, Quantity.LOG_FILES, before.files(), after.files()));
            figures.add(Figure.of(subject, Quantity.LOG_BYTES, before.bytes(), after.bytes()));
        }
        return Work.Done.of(figures);
    }
}
