package io.datapunk.lake.delta;

import io.datapunk.lake.model.table.ImportFilesTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
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

    /** The column of a table by which his rows are known, and the values that they have there; none where nobody's are. */
    Stream<Map.Entry<StructField, Set<String>>> identity(StructType table) {
        Map<String, Set<String>> identities =
                Map.of(ProvenanceColumns.USER_ID, Set.of(userId), ImportFilesTable.IMPORT_ID, imports);
        return Stream.of(ProvenanceColumns.USER_ID, ImportFilesTable.IMPORT_ID)
                .flatMap(column -> Stream.of(table.fields())
                        .filter(field -> field.name().equals(column))
                        .filter(field -> field.dataType().equals(DataTypes.StringType)))
                .limit(1)
                .map(field -> Map.entry(field, identities.get(field.name())))
                .filter(identity -> !identity.getValue().isEmpty());
    }
}
