package io.datapunk.cli;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.plan.PinStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Runs {@code lake tier pin}, and lists what is pinned then. */
final class PinRun {
    /** A pinned partition, as {@code --json} prints it. */
    record Pinned(String partition, String tier) {}

    private final Invocation invocation;
    private final LakeHome home;

    PinRun(Invocation invocation) {
        this.invocation = invocation;
        this.home = LakeHome.openExisting(invocation.config());
    }

    Outcome run(Optional<String> name, Optional<Tier> tier, boolean release) {
        if (name.isPresent() != (tier.isPresent() || release)) {
            throw LakeException.usage(
                    "nothing was pinned",
                    name.isPresent() ? "no tier was given for " + name.get() : "no partition was given",
                    "write `lake tier pin user_data.activity/month=2026-01 --tier hot`, or --release");
        }
        PinStore store = new PinStore(home);
        Map<PartitionName, Tier> pins = new TreeMap<>(store.read());
        name.map(PartitionName::parse).ifPresent(partition -> {
            if (release) {
                pins.remove(partition);
            } else {
                requireThere(partition);
                pins.put(partition, tier.orElseThrow());
            }
            if (!invocation.dryRun()) {
                change(store, partition, tier);
            }
        });
        List<Pinned> pinned = pins.entrySet().stream()
                .map(pin -> new Pinned(pin.getKey().toString(), pin.getValue().name()))
                .toList();
        return Outcome.of(pinned, out -> print(pinned, out));
    }

    private static void change(PinStore store, PartitionName partition, Optional<Tier> tier) {
        tier.ifPresentOrElse(chosen -> store.pin(partition, chosen), () -> store.release(partition));
    }

    /** A mistyped name would be pinned for ever without any effect. */
    private void requireThere(PartitionName partition) {
        boolean isThere = partition.value().isPresent()
                && TableLog.of(invocation.config(), home)
                        .snapshot(partition.dataset())
                        .flatMap(table -> table.partition(partition))
                        .isPresent();
        if (!isThere) {
            throw LakeException.usage(
                    partition + " cannot be pinned",
                    "the lake has no such partition",
                    "`lake tier status` lists the partitions");
        }
    }

    private static void print(List<Pinned> pinned, PrintWriter out) {
        if (pinned.isEmpty()) {
            out.println("Nothing is pinned: the policies decide.");
            return;
        }
        TextTable table = new TextTable(List.of("PARTITION", "PINNED TO"), Set.of());
        pinned.forEach(pin -> table.add(pin.partition(), pin.tier()));
        table.print(out);
        out.println("The next `lake tier apply` takes them there.");
    }
}
