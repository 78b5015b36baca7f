package io.datapunk.cli;

import io.datapunk.lake.model.Progress;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Draws a bar with amount, rate and time left. */
final class TerminalProgress implements Progress {
    private static final long MIB = 1 << 20;

    private final PrintStream err;

    TerminalProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public Stage begin(String stage, long total, String unit) {
        boolean bytes = unit.equals("bytes");
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(stage)
                .setInitialMax(total)
                .setUnit(bytes ? " MiB" : " " + unit, bytes ? MIB : 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(err))
                .showSpeed()
                .build();
        return new Stage() {
            @Override
            public void advance(long amount) {
                bar.stepBy(amount);
            }

            @Override
            public void close() {
                bar.close();
            }
        };
    }
}
