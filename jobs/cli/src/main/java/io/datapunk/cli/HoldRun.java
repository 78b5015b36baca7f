package io.datapunk.cli;

import io.datapunk.archive.hold.HoldJob;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.LakePersons;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.Stores;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Places and releases legal holds, and lists those in force. */
final class HoldRun {
    /** A hold in force, as {@code --json} prints it. */
    record Placed(
            String holdId, String userId, String dataset, Instant from, Instant to, String reason, Instant placedAt) {
        private static Placed of(Hold hold) {
            return new Placed(
                    hold.id(),
                    hold.userId().orElse(null),
                    hold.dataset().map(DatasetName::toString).orElse(null),
                    hold.from().orElse(null),
                    hold.to().orElse(null),
                    hold.reason(),
                    hold.placedAt());
        }
    }

    /** What a hold is to protect. */
    record Wish(
            Optional<String> user,
            Optional<String> dataset,
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<String> reason) {
        private boolean isEmpty() {
            return user.isEmpty() && dataset.isEmpty() && from.isEmpty() && to.isEmpty() && reason.isEmpty();
        }
    }

    private final Invocation invocation;
    private final LakeHome home;
    private final HoldJob job;

    HoldRun(Invocation invocation) {
        this.invocation = invocation;
        this.home = LakeHome.openExisting(invocation.config());
        this.job = new HoldJob(invocation.config(), home);
    }

    Outcome run(Wish wish, Optional<String> release) {
        if (release.isPresent() && !wish.isEmpty()) {
            throw LakeException.usage(
                    "nothing was changed",
                    "--release was given together with what a new hold needs",
                    "release the one first, then place the other");
        }
        if (release.isPresent() && !invocation.dryRun()) {
            job.release(release.get(), invocation.now());
        }
        if (!wish.isEmpty()) {
            place(wish);
        }
        List<Hold> holds = job.holds();
        return Outcome.of(holds.stream().map(Placed::of).toList(), out -> print(holds, out));
    }

    private void place(Wish wish) {
        String reason = wish.reason()
                .orElseThrow(() -> LakeException.usage(
                        "no hold was placed", "it has no reason", "say why with --reason, as the case's number"));
        Hold hold = new Hold(
                "%08x".formatted(new SecureRandom().nextInt()),
                wish.user().map(new LakePersons(home, Stores.configuration(invocation.config()))::surrogate),
                wish.dataset().map(DatasetName::parse),
                wish.from(),
                wish.to(),
                reason,
                invocation.now());
        if (!invocation.dryRun()) {
            job.place(hold);
        }
    }

    private static void print(List<Hold> holds, PrintWriter out) {
        if (holds.isEmpty()) {
            out.println("There is no hold.");
            return;
        }
        TextTable table = new TextTable(List.of("HOLD", "PLACED", "PROTECTS", "REASON"), Set.of());
        holds.forEach(hold -> table.add(hold.id(), hold.placedAt().toString(), hold.scope(), hold.reason()));
        table.print(out);
    }
}
