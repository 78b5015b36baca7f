package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of a lake and their columns as their logs tell them, without Spark; read once until they are forgotten. */
final class LakeNames {
    private final LakeConfig config;
    private final LakeHome home;
    private final Map<DatasetName, Optional<TableShape>> shapes = new HashMap<>();
    private Optional<List<DatasetName>> tables = Optional.empty();
    private Optional<TableLog> log = Optional.empty();

    LakeNames(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    /** @throws io.datapunk.lake.model.LakeException where they cannot be listed */
    List<DatasetName> tables() {
        if (tables.isEmpty()) {
            tables = Optional.of(log().tables());
        }
        return tables.get();
    }

    /** @throws io.datapunk.lake.model.LakeException where the table's log cannot be read */
    Optional<TableShape> shape(DatasetName table) {
        return shapes.computeIfAbsent(table, name -> log().shape(name));
    }

    /** The table that a statement calls so; after {@code USE} it may leave out the schema. */
    Optional<DatasetName> find(String name) {
        return tables().stream()
                .filter(table ->
                        table.toString().equalsIgnoreCase(name) || table.name().equalsIgnoreCase(name))
                .findFirst();
    }

    void forget() {
        tables = Optional.empty();
        shapes.clear();
    }

    private TableLog log() {
        if (log.isEmpty()) {
            log = Optional.of(TableLog.of(config, home));
        }
        return log.get();
    }
}
