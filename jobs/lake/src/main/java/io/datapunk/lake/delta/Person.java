package io.datapunk.lake.delta;

import io.datapunk.lake.model.table.ImportFilesTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * By what tables know a person.
 *
 * @param userId the surrogate
 * @param imports ids of the imports of his exports: where rows do not bear the surrogate, they bear these
 */
public record Person(String userId, Set<String> imports) {
    public Person {
        imports = Set.copyOf(imports);
    }

    private static final List<String> COLUMNS = List.of(ProvenanceColumns.USER_ID, ImportFilesTable.IMPORT_ID);

    /** A table that has both knows him by the first. */
    static final Comparator<String> ORDER = Comparator.comparingInt(COLUMNS::indexOf);

    /** The values that his rows have, by the columns that tell persons apart. */
    Map<String, Set<String>> columns() {
        return Map.of(ProvenanceColumns.USER_ID, Set.of(userId), ImportFilesTable.IMPORT_ID, imports);
    }

    /** The column of a table by which his rows are known, and the values that they have there; none where nobody's are. */
    Stream<Map.Entry<StructField, Set<String>>> identity(StructType table) {
        return Stream.of(table.fields())
                .filter(field -> columns().containsKey(field.name()))
                .filter(field -> field.dataType().equals(DataTypes.StringType))
                .sorted(Comparator.comparing(StructField::name, ORDER))
                .limit(1)
                .map(field -> Map.entry(field, columns().get(field.name())))
                .filter(identity -> !identity.getValue().isEmpty());
    }
}
