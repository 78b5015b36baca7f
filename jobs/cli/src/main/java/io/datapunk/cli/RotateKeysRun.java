package io.datapunk.cli;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.tiering.apply.RotateKeysJob;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;

/** Puts the keys of encrypted cold files and of packages under another master key. */
final class RotateKeysRun {
    /** What was rotated, or would be, as {@code --json} prints it. */
    record Rotated(boolean dryRun, List<Key> keys) {}

    /**
     * @param from the master key that protected it
     * @param to the one that does, or would; the same where a run that was killed is only finished
     */
    record Key(String owner, String key, String from, String to) {
        private static Key of(RotateKeysJob.Key key) {
            return new Key(key.owner().name(), key.id(), key.from(), key.to());
        }
    }

    private final Invocation invocation;

    RotateKeysRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run() {
        LakeHome home = LakeHome.openExisting(invocation.config());
        RotateKeysJob.Rotated rotated =
                new RotateKeysJob(invocation.config(), home).run(invocation.now(), invocation.dryRun());
        List<Key> keys = rotated.keys().stream().map(Key::of).toList();
        return new Outcome(
                new Rotated(invocation.dryRun(), keys),
                out -> print(keys, out),
                rotated.problems().stream().map(LakeException::getMessage).toList(),
                rotated.problems().stream().findFirst());
    }

    private void print(List<Key> keys, PrintWriter out) {
        if (keys.isEmpty()) {
            out.println("All keys are under the master key in use.");
            return;
        }
        out.println(
                invocation.dryRun()
                        ? "These keys would be put under another master key:"
                        : "These keys were put under another master key:");
        TextTable table = new TextTable(List.of("OWNER", "KEY", "FROM", "TO"), Set.of());
        keys.forEach(key -> table.add(key.owner(), key.key(), key.from(), key.to()));
        table.print(out);
    }
}
