package io.datapunk.tiering.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.plan.PlannedPartition;
import io.datapunk.tiering.policy.Decision;
import io.datapunk.tiering.policy.Heat;
import io.datapunk.tiering.policy.Placement;
import io.datapunk.tiering.policy.Rate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CopyBatchesTest {
    private static final long MIB = 1L << 20;

    @Test
    void onlyCopiesOfOneDatasetIntoOneTierGoTogether() {
        Move january = move("user_data.activity/month=2026-01", Tier.COLD, false, MIB);
        Move mail = move("user_data.messages/month=2026-01", Tier.COLD, false, MIB);
        Move february = move("user_data.activity/month=2026-02", Tier.COLD, false, MIB);
        Move back = move("user_data.activity/month=2026-03", Tier.WARM, true, MIB);
        Move toPostgres = move("user_data.activity/month=2026-04", Tier.HOT, true, MIB);
        assertThat(CopyBatches.of(List.of(january, mail, february, back, toPostgres)))
                .containsExactly(List.of(january, february), List.of(mail), List.of(back, toPostgres));
    }

    @Test
    void aBatchIsBoundedInBytesAndALargePartitionGoesByItself() {
        Move large = move("user_data.activity/month=2026-01", Tier.COLD, false, 3 * CopyBatches.BYTES);
        Move half = move("user_data.activity/month=2026-02", Tier.COLD, false, CopyBatches.BYTES / 2);
        Move otherHalf = move("user_data.activity/month=2026-03", Tier.COLD, false, CopyBatches.BYTES / 2);
        Move tiny = move("user_data.activity/month=2026-04", Tier.COLD, false, 1);
        assertThat(CopyBatches.of(List.of(large, half, otherHalf, tiny)))
                .containsExactly(List.of(large), List.of(half, otherHalf), List.of(tiny));
    }

    @Test
    void aBatchIsBoundedInPartitions() {
        List<Move> moves = IntStream.range(0, 2 * CopyBatches.PARTITIONS + 1)
                .mapToObj(i -> move("user_data.activity/month=" + (1900 + i) + "-01", Tier.COLD, false, 1))
                .toList();
        assertThat(CopyBatches.of(moves))
                .extracting(List::size)
                .containsExactly(CopyBatches.PARTITIONS, CopyBatches.PARTITIONS, 1);
        assertThat(CopyBatches.of(moves).stream().flatMap(List::stream)).containsExactlyElementsOf(moves);
    }

    @Test
    void withoutCopiesThereAreNoBatches() {
        assertThat(CopyBatches.of(List.of())).isEmpty();
    }

    private static Move move(String name, Tier target, boolean isCold, long bytes) {
        PartitionName partition = PartitionName.parse(name);
        DataFile file = new DataFile((isCold ? "cold/" : "") + "file", bytes, 0, 1, Map.of(), "");
        PartitionFiles files = new PartitionFiles(partition, 1, List.of(file));
        Decision decision = new Decision(
                partition,
                isCold ? Placement.COLD : Placement.WARM,
                Decision.Outcome.MOVE,
                Optional.of(target),
                bytes,
                new Heat(Rate.ZERO, Rate.ZERO, Rate.ZERO, Optional.empty()),
                "because");
        return new Move(new PlannedPartition(decision, files.fileSetHash(), bytes, 1, Instant.EPOCH), files);
    }
}
