package io.datapunk.vectors.embed;

import io.datapunk.lake.model.table.VectorsTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** Makes of a row of {@link SourceRows} what its vector is; empty where there is nothing to make it of. */
interface ContentReader extends Serializable {
    Optional<RowContent> read(Row row);

    /** @param groups how many columns each text has */
    static ContentReader ofTexts(String model, String modelVersion, List<Integer> groups) {
        return row -> {
            List<String> values = row.getList(row.fieldIndex(SourceRows.VALUES));
            List<List<String>> texts = new ArrayList<>();
            int from = 0;
            for (int size : groups) {
                texts.add(values.subList(from, from + size));
                from += size;
            }
            return RowContent.ofText(model, modelVersion, RowText.of(texts));
        };
    }

    static ContentReader ofVectors(int dimensions, boolean normalise) {
        return row -> {
            int vector = row.fieldIndex(VectorsTable.VECTOR);
            return row.isNullAt(vector)
                    ? Optional.empty()
                    : RowContent.ofVector(row.getList(vector), dimensions, normalise);
        };
    }
}
