package io.datapunk.maintenance.task;

import io.datapunk.lake.config.MaintenanceConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.Repacking;
import io.datapunk.lake.postgres.TableUpkeep;
import io.datapunk.lake.postgres.TableUpkeep.IndexState;
import io.datapunk.lake.postgres.TableUpkeep.Kept;
import io.datapunk.lake.postgres.TableUpkeep.TableState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Upkeep of PostgreSQL's tables; none where the lake has no server yet. */
final class ServerTasks {
    private final Supplier<Optional<PostgresConnection>> server;
    private final MaintenanceConfig.Postgres config;

    ServerTasks(Supplier<Optional<PostgresConnection>> server, MaintenanceConfig.Postgres config) {
        this.server = server;
        this.config = config;
    }

    Work.Done vacuum(boolean dryRun) {
        return with(upkeep -> {
            List<String> notes = new ArrayList<>();
            List<Kept<TableState>> tables = repacked(upkeep.vacuum(config.parallelWorkers(), dryRun), upkeep, notes);
            return done(
                    tables,
                    notes,
                    TableState::table,
                    List.of(
                            new Measure<>(Quantity.DEAD_ROWS, TableState::deadRows),
                            new Measure<>(Quantity.BYTES, TableState::bytes),
                            new Measure<>(Quantity.BLOAT, TableState::bloat),
                            new Measure<>(Quantity.AGE_TRANSACTIONS, TableState::age)));
        });
    }

    /** Tables that a vacuum leaves loose are written anew where that is possible, else told of. */
    private List<Kept<TableState>> repacked(List<Kept<TableState>> tables, TableUpkeep upkeep, List<String> notes) {
        Optional<Repacking> repacking = tables.stream().anyMatch(this::isLoose) ? repacking(notes) : Optional.empty();
        List<Kept<TableState>> repacked = new ArrayList<>();
        for (Kept<TableState> table : tables) {
            Kept<TableState> now = table;
            if (isLoose(table)) {
                String name = table.before().table();
                try {
                    repacking.ifPresent(program -> program.run(name));
                    now = repacking.isPresent() ? table.withAfter(upkeep.state(name)) : table;
                } catch (LakeException e) {
                    notes.add(e.getMessage());
                }
            }
            repacked.add(now);
            now.after().filter(this::isLoose).ifPresent(after -> notes.add(bloated(after)));
        }
        return repacked;
    }

    private boolean isLoose(Kept<TableState> table) {
        return table.after().filter(this::isLoose).isPresent();
    }

    private boolean isLoose(TableState table) {
        return table.bloat() > config.tableBloat();
    }

    private Optional<Repacking> repacking(List<String> notes) {
        try {
            return config.repack()
                    .flatMap(program -> Repacking.find(server.get().orElseThrow(), program, config.timeout()));
        } catch (LakeException e) {
            notes.add(e.getMessage());
            return Optional.empty();
        }
    }

    private static String bloated(TableState table) {
        return String.format(
                Locale.ROOT,
                "%s takes %,d bytes, %.0f %% of them free: pg_repack gives them back beside its readers, VACUUM FULL locks it",
                table.table(),
                table.bytes(),
                100 * table.bloat());
    }

    Work.Done analyze(boolean dryRun) {
        return with(upkeep -> done(
                upkeep.analyze(dryRun),
                List.of(),
                TableState::table,
                List.of(new Measure<>(Quantity.CHANGED_ROWS, TableState::changedRows))));
    }

    Work.Done reindex(boolean dryRun) {
        return with(upkeep -> done(
                upkeep.reindex(config.indexDensity(), dryRun),
                List.of(),
                IndexState::index,
                List.of(
                        new Measure<>(Quantity.BYTES, IndexState::bytes),
                        new Measure<>(Quantity.DENSITY, index -> index.density().orElse(Double.NaN)))));
    }

    private record Measure<T>(Quantity quantity, ToDoubleFunction<T> value) {}

    private static <T> Work.Done done(
            List<Kept<T>> kept, List<String> remarks, Function<T, String> subject, List<Measure<T>> measures) {
        List<Figure> figures = new ArrayList<>();
        List<String> notes = new ArrayList<>(remarks);
        List<LakeException> problems = new ArrayList<>();
        for (Kept<T> one : kept) {
            one.problem().ifPresent(problems::add);
            if (one.wasLocked()) {
                notes.add(subject.apply(one.before()) + " was locked and is left for the next run");
            }
            if (one.wasLocked() || one.problem().isPresent()) {
                continue;
            }
            for (Measure<T> measure : measures) {
                double before = measure.value().applyAsDouble(one.before());
                if (!Double.isNaN(before)) {
                    OptionalDouble after = one.after().isPresent()
                            ? OptionalDouble.of(
                                    measure.value().applyAsDouble(one.after().get()))
                            : OptionalDouble.empty();
                    figures.add(new Figure(subject.apply(one.before()), measure.quantity(), before, after));
                }
            }
        }
        return new Work.Done(figures, notes, problems);
    }

    private Work.Done with(Function<TableUpkeep, Work.Done> work) {
        Optional<PostgresConnection> connection = server.get();
        if (connection.isEmpty()) {
            return Work.Done.of(List.of());
        }
        try (TableUpkeep upkeep = TableUpkeep.open(connection.get(), config.timeout())) {
            return work.apply(upkeep);
        }
    }
}
