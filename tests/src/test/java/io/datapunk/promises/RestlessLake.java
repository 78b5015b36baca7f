package io.datapunk.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.testkit.FolderCopy;
import io.datapunk.tiering.heat.AccessSpool;
import io.datapunk.tiering.heat.SimulatedAccesses;
import io.datapunk.tiering.policy.Rate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A lake whose partitions lie in all tiers, and whose next {@code tier apply} takes one from each tier to each other one.
 * It has two datasets of eight months in each of its years, of which the first stays cold and the sixth warm.
 */
final class RestlessLake {
    static final List<String> DATASETS = List.of("user_data.activity", "user_data.locations");

    /** The moves that are due in each dataset of a lake of one year. */
    static final List<String> MOVES = List.of(
            "2025-02 COLD HOT",
            "2025-03 COLD WARM",
            "2025-04 WARM COLD",
            "2025-05 WARM HOT",
            "2025-07 HOT COLD",
            "2025-08 HOT WARM");

    /** The months that PostgreSQL will serve, as a regular expression. */
    static final String ARRIVING = "2025-0[25]";

    /** Partitions that leave PostgreSQL, and those whose files are written anew, in both datasets. */
    static final int DEPARTURES = 4;

    static final int COPIES = 8;

    static final int ROWS_OF_A_MONTH = 200;

    private static final int MONTHS = 8;

    // The months are small; with the default of 1 MiB all of them would stay warm.
    private static final Map<String, String> ENVIRONMENT = Map.of("LAKE_TIERING_MINIMUM_SIZE", "1 KiB");

    private static final Map<Integer, RestlessLake> SHARED = new ConcurrentHashMap<>();

    private final int years;
    private final LakeCommands template;
    private final Instant imported = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private final Instant placed = imported.plus(Duration.ofDays(120));
    private final Instant due = placed.plus(Duration.ofDays(95));

    private RestlessLake(int years, Path home) {
        this.years = years;
        this.template = new LakeCommands(home, ENVIRONMENT);
    }

    /** A lake of one year, made once for all tests of this JVM, which take copies of it. */
    static RestlessLake shared() {
        return shared(1);
    }

    /** The same moves in each of so many years. */
    static RestlessLake shared(int years) {
        return SHARED.computeIfAbsent(years, RestlessLake::make);
    }

    private static RestlessLake make(int years) {
        try {
            return make(years, Files.createTempDirectory("a restless lake "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its server is stopped in the end, so that its folder can be copied. */
    private static RestlessLake make(int years, Path folder) throws IOException {
        RestlessLake lake = new RestlessLake(years, folder.resolve("template"));
        lake.template.result("ingest", lake.export(folder.resolve("export")).toString(), "--user", "ann");
        lake.heat(new SimulatedAccesses(1), lake::readsUntilPlaced, lake.placed);
        lake.template.result("tier", "apply", "--now", lake.placed.toString());
        lake.heat(new SimulatedAccesses(2), lake::readsUntilDue, lake.due);
        lake.template.result("down");
        return lake;
    }

    /** A copy of the lake in a folder of its own. */
    LakeCommands copy(Path home) {
        FolderCopy.of(template.home(), home);
        return new LakeCommands(home, ENVIRONMENT);
    }

    /** What makes the partitions move, for {@link LakeCommands#result} and for {@link LakeProcess}. */
    String[] apply() {
        return new String[] {"tier", "apply", "--now", due.toString()};
    }

    /** The same a day later, when nothing has to move and retired copies are past their grace. */
    String[] applyNextDay() {
        return new String[] {
            "tier", "apply", "--now", due.plus(Duration.ofDays(1)).toString()
        };
    }

    JsonNode status(LakeCommands lake) {
        return lake.result("tier", "status", "--now", due.toString());
    }

    private interface Reads {
        void add(SimulatedAccesses accesses, String dataset);
    }

    private void heat(SimulatedAccesses accesses, Reads reads, Instant now) {
        DATASETS.forEach(dataset -> reads.add(accesses, dataset));
        new AccessSpool(template.home().resolve("access/spool")).write(accesses.lines());
        template.result("heat", "--now", now.toString());
    }

    private void readsUntilPlaced(SimulatedAccesses accesses, String dataset) {
        // Only what was watched all the time can be called unread.
        accesses.read(
                PartitionName.parse(dataset + "/month=2025-06"),
                Rate.perHour(1),
                imported,
                imported.plus(Duration.ofHours(1)));
        for (PartitionName month : months(dataset, 4, 5, 6)) {
            accesses.read(month, Rate.perDay(2), placed.minus(Duration.ofDays(30)), placed);
        }
        for (PartitionName month : months(dataset, 7, 8)) {
            accesses.read(month, Rate.perHour(14), placed.minus(Duration.ofDays(3)), placed);
        }
    }

    private void readsUntilDue(SimulatedAccesses accesses, String dataset) {
        for (PartitionName month : months(dataset, 2, 5)) {
            accesses.read(month, Rate.perHour(14), due.minus(Duration.ofDays(3)), due);
        }
        for (PartitionName month : months(dataset, 3)) {
            accesses.read(month, Rate.perDay(4), due.minus(Duration.ofDays(20)), due);
        }
        for (PartitionName month : months(dataset, 6)) {
            accesses.read(month, Rate.perDay(4), due.minus(Duration.ofDays(80)), due);
        }
        for (PartitionName month : months(dataset, 8)) {
            accesses.read(month, Rate.perDay(4), due.minus(Duration.ofDays(30)), due.minus(Duration.ofDays(10)));
        }
    }

    /** These months of every year. */
    private List<PartitionName> months(String dataset, int... months) {
        return years().boxed()
                .flatMap(year -> IntStream.of(months)
                        .mapToObj(month -> PartitionName.parse(dataset + "/month=%d-%02d".formatted(year, month))))
                .toList();
    }

    private IntStream years() {
        return IntStream.range(0, years).map(back -> 2025 - back);
    }

    private Path export(Path folder) throws IOException {
        List<String> searches = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (int year : years().toArray()) {
            for (int month = 1; month <= MONTHS; month++) {
                Instant begin = Instant.parse("%d-%02d-01T08:00:00Z".formatted(year, month));
                for (int row = 0; row < ROWS_OF_A_MONTH; row++) {
                    Instant at = begin.plus(Duration.ofMinutes(137L * row));
                    searches.add("""
                            {"header": "Search", "title": "Searched for pear %d of month %d", "products": ["Search"],
                             "titleUrl": "https://example.org/?q=%1$d-%2$d", "time": "%3$s"}
                            """.formatted(row, month, at));
                    places.add("""
                            {"latitudeE7": %d, "longitudeE7": %d, "accuracy": %d, "source": "WIFI", "timestamp": "%s"}
                            """.formatted(525_200_000 + 1_000 * row, 134_050_000 + 777 * row, 10 + row % 20, at));
                }
            }
        }
        write(folder.resolve("Takeout/My Activity/Search/MyActivity.json"), "[" + String.join(",", searches) + "]");
        write(
                folder.resolve("Takeout/Location History (Timeline)/Records.json"),
                "{\"locations\": [" + String.join(",", places) + "]}");
        return folder.resolve("Takeout");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
