package io.datapunk.lake.postgres;

import io.datapunk.lake.model.table.Column;
import java.io.Serializable;
import java.util.List;

/**
 * A table as rows are copied into it and read back.
 *
 * @param leaf its name, which no other attempt has
 * @param relation its name as SQL
 * @param parts the table, as SQL, in which the tasks of a load say what they have committed
 * @param codecs of the columns, in their order
 */
record CopyTable(String leaf, String relation, String parts, List<Column> columns, List<ColumnCodec> codecs)
        implements Serializable {
    CopyTable {
        columns = List.copyOf(columns);
        codecs = List.copyOf(codecs);
    }

    /** With the codecs that the columns' types have. */
    static CopyTable of(String leaf, String relation, String parts, List<Column> columns) {
        return new CopyTable(leaf, relation, parts, columns, ColumnCodec.of(columns));
    }

    String copyIn() {
        return "COPY " + relation + " (" + HotTable.names(columns) + ") FROM STDIN (FORMAT binary)";
    }
}
