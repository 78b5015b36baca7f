package io.datapunk.vectors.embed;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.to_json;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.ProvenanceColumns;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.util.QuotingUtils;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** What a collection takes of its source's columns. */
final class SourceColumns {
    private static final Set<DataType> TIMES =
            Set.of(DataTypes.TimestampType, DataTypes.TimestampNTZType, DataTypes.DateType);
    private static final Set<DataType> NUMBERS = Set.of(DataTypes.FloatType, DataTypes.DoubleType);

    private final CollectionConfig collection;
    private final StructType table;

    /** @throws LakeException (usage) where the table lacks columns, or they are of other types */
    SourceColumns(CollectionConfig collection, StructType table) {
        this.collection = collection;
        this.table = table;
        requireColumns();
        requireTypes();
    }

    private void requireColumns() {
        List<String> missing = Stream.of(
                        Stream.of(collection.id()),
                        collection.text().stream().flatMap(List::stream),
                        collection.vector().stream(),
                        collection.time().stream(),
                        collection.filters().stream())
                .flatMap(names -> names)
                .filter(name -> !has(name))
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            throw refused(
                    "has no column " + String.join(", ", missing),
                    "its columns are " + String.join(", ", table.fieldNames())
                            + "; a table whose rows have no time needs time = \"\"");
        }
    }

    private void requireTypes() {
        collection.time().filter(name -> !TIMES.contains(type(name))).ifPresent(name -> {
            throw refused(
                    "has no times in " + name,
                    "the column is " + type(name).catalogString() + "; time needs a timestamp or a date, or \"\"");
        });
        collection
                .vector()
                .filter(name -> !(type(name) instanceof ArrayType array && NUMBERS.contains(array.elementType())))
                .ifPresent(name -> {
                    throw refused(
                            "has no vectors in " + name,
                            "the column is " + type(name).catalogString()
                                    + "; vector needs array<float> or array<double>");
                });
    }

    private LakeException refused(String problem, String reason) {
        return LakeException.usage(
                collection.source() + " " + problem,
                reason,
                "change lake.vectors.collections." + collection.name() + "; `lake config show` tells what it says");
    }

    Column id() {
        return column(collection.id()).cast(DataTypes.StringType);
    }

    /** Null where the table names no persons. */
    Column user() {
        return (has(ProvenanceColumns.USER_ID) ? column(ProvenanceColumns.USER_ID) : lit(null))
                .cast(DataTypes.StringType);
    }

    /** A timestamp; empty where the rows have none. */
    Optional<Column> time() {
        return collection.time().map(name -> column(name).cast(DataTypes.TimestampType));
    }

    /** The filters as text by name, sorted, without nulls. */
    Column attributes() {
        Column[] entries = collection.filters().stream()
                .distinct()
                .sorted()
                .flatMap(filter -> Stream.of(lit(filter), text(filter)))
                .toArray(Column[]::new);
        return entries.length == 0
                ? expr("cast(map() as map<string,string>)")
                : map_filter(map(entries), (name, value) -> value.isNotNull());
    }

    /** Those of all groups, one behind the other. */
    Column texts() {
        Column[] texts =
                collection.text().stream().flatMap(List::stream).map(this::text).toArray(Column[]::new);
        return array(texts).cast(DataTypes.createArrayType(DataTypes.StringType));
    }

    /** Null where vectors are made of texts. */
    Column vector() {
        return collection
                .vector()
                .map(SourceColumns::column)
                .orElse(lit(null))
                .cast(DataTypes.createArrayType(DataTypes.FloatType));
    }

    private Column text(String name) {
        DataType type = type(name);
        boolean nested = type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
        return nested ? to_json(column(name)) : column(name).cast(DataTypes.StringType);
    }

    private DataType type(String name) {
        return table.apply(name).dataType();
    }

    private boolean has(String name) {
        return List.of(table.fieldNames()).contains(name);
    }

    private static Column column(String name) {
        return col(QuotingUtils.quoteIdentifier(name));
    }
}
