package io.datapunk.maintenance.advice;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AdviceTable;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.spark.LakeSession;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Looks for changes that are worth it, tries each, and keeps what it found in {@code lake.advice}. Changes nothing else. */
public final class AdviseJob {
    private final LakeConfig config;
    private final LakeHome home;
    private final Supplier<SparkSession> spark;
    private final Supplier<Optional<PostgresConnection>> server;

    /**
     * @param spark opened where there is something for it to do
     * @param server in use until the job has ended; empty where the lake has none yet
     */
    public AdviseJob(
            LakeConfig config,
            LakeHome home,
            Supplier<SparkSession> spark,
            Supplier<Optional<PostgresConnection>> server) {
        this.config = config;
        this.home = home;
        this.spark = spark;
        this.server = server;
    }

    /** What is out of reach is told among the problems. */
    public Advised run(Instant now, boolean dryRun, Progress progress) {
        Advised advised = ofServer(now, progress).plus(new TableAdvice(config, home, spark).of(now, progress));
        if (!dryRun) {
            keep(advised.advice(), now);
        }
        return advised;
    }

    private Advised ofServer(Instant now, Progress progress) {
        try {
            return server.get()
                    .map(connection -> new ServerAdvice(connection, config.postgres()).of(now, progress))
                    .orElseGet(() -> new Advised(List.of(), List.of()));
        } catch (HotStoreUnavailableException e) {
            return unreachable(e.asFailure());
        } catch (LakeException e) {
            return unreachable(e);
        }
    }

    private static Advised unreachable(LakeException why) {
        return new Advised(List.of(), List.of("PostgreSQL could not be asked: " + why.getMessage()));
    }

    private void keep(List<Advice> advice, Instant now) {
        String month = YearMonth.from(now.atZone(ZoneOffset.UTC)).toString();
        List<Row> rows = new ArrayList<>();
        for (Advice one : advice) {
            rows.add(RowFactory.create(
                    now,
                    one.kind().toString(),
                    one.subject(),
                    one.evidence(),
                    one.effect().measure(),
                    one.effect().before(),
                    one.effect().after(),
                    one.effect().measuredOn(),
                    one.statement(),
                    month));
        }
        if (rows.isEmpty()) {
            // What was advised before is not what is advised now.
            rows.add(RowFactory.create(now, AdviceTable.NOTHING, "", "", "", 0.0, 0.0, "", "", month));
        }
        SparkSession session = spark.get();
        LakeSession.internal(session, () -> {
            DeltaTables.ensure(session, home, AdviceTable.DEFINITION);
            new DeltaAppend(session, home)
                    .append(
                            AdviceTable.DEFINITION,
                            session.createDataFrame(rows, DeltaSchemas.structType(AdviceTable.DEFINITION)));
        });
    }
}
