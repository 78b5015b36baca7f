package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.vectors.search.Hit;
import io.datapunk.vectors.search.SearchJob;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Searches collections, and prints what was found. */
final class VectorSearchRun {
    private static final int MOST = 1000;
    private static final int SHOWN_CHARACTERS = 100;

    /** A row, as {@code --json} prints it. */
    record Found(
            String collection,
            String id,
            float score,
            String userId,
            Instant eventTime,
            String text,
            Map<String, String> attributes) {
        private static Found of(Hit hit) {
            return new Found(
                    hit.collection(),
                    hit.row().id(),
                    hit.score(),
                    hit.row().userId().orElse(null),
                    hit.row().eventTime().orElse(null),
                    hit.row().text().orElse(null),
                    new TreeMap<>(hit.row().attributes()));
        }
    }

    /** What was searched, and found. */
    record Result(List<String> collections, List<Found> hits) {}

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    VectorSearchRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome run(SearchJob.Request request) {
        invocation.refuseDryRun("a search", "it changes nothing", "leave --dry-run out");
        requirePossible("--top", request.most());
        SearchJob.Report report = new SearchJob(config, home).run(request);
        return Outcome.of(
                new Result(
                        report.collections(),
                        report.hits().stream().map(Found::of).toList()),
                out -> print(report, out));
    }

    static void requirePossible(String option, int most) {
        if (most < 1 || most > MOST) {
            throw LakeException.usage(
                    "so many rows cannot be found", option + " is " + most, "give it a number from 1 to " + MOST);
        }
    }

    private static void print(SearchJob.Report report, PrintWriter out) {
        if (report.hits().isEmpty()) {
            out.println("Nothing in " + String.join(", ", report.collections())
                    + " is near enough; --threshold takes a lower score.");
            return;
        }
        TextTable table = new TextTable(List.of("SCORE", "TIME", "COLLECTION", "TEXT"), Set.of("SCORE"));
        report.hits()
                .forEach(hit -> table.add(
                        String.format(Locale.ROOT, "%.3f", hit.score()),
                        hit.row().eventTime().map(Instant::toString).orElse(""),
                        hit.collection(),
                        hit.row().text().map(VectorSearchRun::shortened).orElse("")));
        table.print(out);
    }

    static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= SHOWN_CHARACTERS
                ? line
                : line.substring(0, line.offsetByCodePoints(0, SHOWN_CHARACTERS - 1)) + "…";
    }
}
