package io.datapunk.cli;

import io.datapunk.lake.model.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Tells progress by a line every few seconds, for logs and pipes. */
final class PlainProgress implements Progress {
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    private final PrintWriter err;

    PlainProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public Stage begin(String stage, long total, String unit) {
        return new Lines(stage, total, unit);
    }

    private final class Lines implements Stage {
        private final String stage;
        private final long total;
        private final String unit;
        private final long begun = System.nanoTime();
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong nextLine = new AtomicLong(begun + PAUSE_NANOS);

        private Lines(String stage, long total, String unit) {
            this.stage = stage;
            this.total = total;
            this.unit = unit;
        }

        @Override
        public void advance(long amount) {
            long reached = done.addAndGet(amount);
            long now = System.nanoTime();
            long due = nextLine.get();
            if (now - due >= 0 && nextLine.compareAndSet(due, now + PAUSE_NANOS)) {
                String of = total == UNKNOWN_TOTAL ? "" : " of " + Amounts.of(total, unit);
                err.println(stage + ": " + Amounts.of(reached, unit) + of + ", " + rate(reached, now));
            }
        }

        @Override
        public void close() {
            long now = System.nanoTime();
            // A stage of a moment needs no line.
            if (now - begun >= PAUSE_NANOS) {
                err.println(stage + ": " + Amounts.of(done.get(), unit) + " in "
                        + Duration.ofNanos(now - begun).toSeconds() + " s, " + rate(done.get(), now));
            }
        }

        private String rate(long amount, long now) {
            double seconds = Math.max(1e-3, (now - begun) / 1e9);
            return Amounts.of(Math.round(amount / seconds), unit) + "/s";
        }
    }
}
