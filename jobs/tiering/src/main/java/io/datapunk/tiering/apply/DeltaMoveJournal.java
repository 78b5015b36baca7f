package io.datapunk.tiering.apply;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.MovesTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.tiering.plan.TierPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The journal as {@code lake.moves}; a move's id is its plan's id and its partition. */
final class DeltaMoveJournal implements MoveJournal {
    private static final String DONE = "done";

    private final LakeHome home;
    private final Supplier<SparkSession> spark;

    DeltaMoveJournal(LakeHome home, Supplier<SparkSession> spark) {
        this.home = home;
        this.spark = spark;
    }

    @Override
    public void add(TierPlan plan, List<MoveResult> results) {
        SparkSession session = spark.get();
        LakeSession.internal(session, () -> {
            DeltaTables.ensure(session, home, MovesTable.DEFINITION);
            boolean mayKnowSome = results.stream().anyMatch(result -> result.state() == MoveResult.State.FOUND_DONE);
            Set<String> known = mayKnowSome ? knownAsDone(session, plan) : Set.of();
            List<Row> rows = new ArrayList<>();
            for (MoveResult result : results) {
                if (!known.contains(id(plan, result))) {
                    rows.add(row(plan, result));
                }
            }
            if (!rows.isEmpty()) {
                new DeltaAppend(session, home)
                        .append(
                                MovesTable.DEFINITION,
                                session.createDataFrame(rows, DeltaSchemas.structType(MovesTable.DEFINITION)));
            }
        });
    }

    private Set<String> knownAsDone(SparkSession session, TierPlan plan) {
        Set<String> known = new HashSet<>();
        session.read()
                .format("delta")
                .load(home.tablePath(MovesTable.DEFINITION.name()))
                .where(functions
                        .col(MovesTable.MOVE_ID)
                        .startsWith(plan.id() + "/")
                        .and(functions.col(MovesTable.STATE).equalTo(DONE)))
                .select(MovesTable.MOVE_ID)
                .collectAsList()
                .forEach(row -> known.add(row.getString(0)));
        return known;
    }

    private static String id(TierPlan plan, MoveResult result) {
        return plan.id() + "/" + result.partition();
    }

    private static Row row(TierPlan plan, MoveResult result) {
        return RowFactory.create(
                id(plan, result),
                plan.now(),
                result.partition().toString(),
                result.planned().decision().from().name(),
                result.target().name(),
                result.planned().decision().reason(),
                plan.policy(),
                result.planned().bytes(),
                result.checksum().map(RowChecksum::rows).orElse(result.planned().rows()),
                result.checksum().map(RowChecksum::hex).orElse(null),
                switch (result.state()) {
                    case DONE, FOUND_DONE -> DONE;
                    case REFUSED -> "deferred";
                    case FAILED -> "failed";
                },
                result.endedAt(),
                result.problem().map(LakeException::getMessage).orElse(null));
    }
}
