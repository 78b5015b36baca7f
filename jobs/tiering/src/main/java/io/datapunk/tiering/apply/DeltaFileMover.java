package io.datapunk.tiering.apply;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.FileMoves;
import io.datapunk.lake.delta.PartitionRows;
import io.datapunk.lake.delta.StagedMove;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.spark.LakeSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Moves files within Delta tables, each dataset with the codecs that its configuration names. */
final class DeltaFileMover implements FileMover {
    private final LakeConfig config;
    private final LakeHome home;
    private final Supplier<SparkSession> spark;
    private final KeyAudit keys;
    private final Map<DatasetName, FileMoves> moves = new ConcurrentHashMap<>();

    DeltaFileMover(LakeConfig config, LakeHome home, Supplier<SparkSession> spark, Instant now) {
        this.config = config;
        this.home = home;
        this.spark = spark;
        this.keys = new KeyAudit(config, home, MoveAudit.ACTOR, now);
    }

    private record DeltaCopy(StagedMove move) implements Copy {
        @Override
        public PartitionName partition() {
            return move.partition();
        }
    }

    @Override
    public List<Copy> copy(List<PartitionFiles> sources, Tier target) {
        return moves(sources.get(0).partition()).copy(sources, target).stream()
                .<Copy>map(DeltaCopy::new)
                .toList();
    }

    @Override
    public List<Verification> verify(List<Copy> copies) {
        return moves(copies.get(0).partition())
                .verify(copies.stream().map(DeltaFileMover::staged).toList());
    }

    @Override
    public long commit(List<Copy> copies, Instant now) {
        return moves(copies.get(0).partition())
                .commit(copies.stream().map(DeltaFileMover::staged).toList(), now);
    }

    @Override
    public List<Copy> drifted(List<Copy> copies) {
        List<StagedMove> drifted = moves(copies.get(0).partition())
                .drifted(copies.stream().map(DeltaFileMover::staged).toList());
        return copies.stream().filter(copy -> drifted.contains(staged(copy))).toList();
    }

    @Override
    public void discard(Copy copy) {
        moves(copy.partition()).discard(staged(copy));
    }

    @Override
    public RowChecksum checksum(PartitionFiles files) {
        SparkSession session = spark.get();
        return LakeSession.internal(session, () -> DeltaChecksum.of(PartitionRows.of(session, home, files)));
    }

    private FileMoves moves(PartitionName partition) {
        return moves.computeIfAbsent(
                partition.dataset(), dataset -> new FileMoves(spark.get(), home, config.tiering(dataset), keys));
    }

    private static StagedMove staged(Copy copy) {
        return ((DeltaCopy) copy).move();
    }
}
