package io.datapunk.lake.postgres;

import io.datapunk.lake.config.HotIndex;
import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;

/**
 * How copies of one dataset lie in PostgreSQL.
 *
 * @param indexes what they get beside their key and the index by user and time
 * @param splitAbove bytes of files above which a copy is cut by a hash of {@code user_id} into tables of at most so many
 *     bytes each; 0: never
 */
public record HotLayout(List<HotIndex> indexes, long splitAbove) {
    /** One table for each copy, with the indexes that every copy has. */
    public static final HotLayout PLAIN = new HotLayout(List.of(), 0);

    // A query that names no user opens all of them.
    static final int MOST_TABLES = 64;

    public HotLayout {
        indexes = List.copyOf(indexes);
    }

    /** A table that applications write is never cut: its key has to be the one that they know rows by. */
    public static HotLayout of(TieringConfig.Hot config) {
        return new HotLayout(config.indexes(), config.writes() ? 0 : config.splitAbove());
    }

    /** Whether copies of the table are cut where they are large. */
    boolean splits(TableDefinition table) {
        return splitAbove > 0 && table.columns().stream().anyMatch(column -> isUser(column) && !column.nullable());
    }

    /** How many tables hold a copy of files of this size: a power of two, for whoever halves them later. */
    int tables(TableDefinition table, long fileBytes) {
        if (!splits(table)) {
            return 1;
        }
        int tables = 1;
        while (tables < MOST_TABLES && fileBytes > splitAbove * tables) {
            tables *= 2;
        }
        return tables;
    }

    private static boolean isUser(Column column) {
        return column.name().equals(ProvenanceColumns.USER_ID);
    }
}
