package io.datapunk.analytics.publish;

import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table that is computed of others. What it says of a month has to follow from the rows that its sources have in that
 * month, and from nothing else: only so does a refresh end with what a full build would have made.
 */
public interface PublishedTable {
    TableDefinition definition();

    /** By partition of month or day; the table itself has to be by month where some of its months are to be refreshed. */
    List<TableDefinition> sources();

    /** A higher one where the same sources give other rows than they did: everything is built anew then. */
    default int revision() {
        return 1;
    }

    /**
     * Settings that the rows depend on; other ones are a reason to build everything anew.
     *
     * @return in any form that is equal for equal settings
     */
    default String settings() {
        return "";
    }

    /** The rows of the months that the sources are limited to, with the definition's own columns. */
    Dataset<Row> rows(Sources sources);

    /**
     * The months that have to be computed again.
     *
     * @param changed months in which sources have changed
     * @param present those that there are, for a table in which one month depends on which others exist
     */
    default Set<String> affected(Set<String> changed, Months present) {
        return changed;
    }

    /** Months that tables have now. */
    interface Months {
        /** Of the published table. */
        Set<String> own();

        /** Of any of its sources. */
        Set<String> ofSources();
    }
}
