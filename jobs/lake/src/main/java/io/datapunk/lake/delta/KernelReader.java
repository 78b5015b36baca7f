package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.RowChecksum;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;

/**
 * Reads all rows of a table by Delta Kernel, without Spark: a second opinion on what the table holds, for whoever
 * doubts the first one, and a quick first one where it has few rows. Encrypted files it cannot read: Kernel opens files
 * without asking Parquet's factory for a key.
 */
public final class KernelReader {
    private final LakeHome home;
    private final Engine engine;

    public KernelReader(LakeHome home) {
        this(home, new Configuration());
    }

    /** @param store how to reach the tables' store */
    public KernelReader(LakeHome home, Configuration store) {
        this.home = home;
        this.engine = DefaultEngine.create(store);
    }

    /** The checksum of the table's newest version, the same that {@link DeltaChecksum} gives. */
    public RowChecksum checksum(DatasetName dataset) {
        return checksum(dataset, OptionalLong.empty());
    }

    /**
     * The checksum of a version.
     *
     * @throws LakeException (failed) where the table or one of its files cannot be read
     */
    public RowChecksum checksum(DatasetName dataset, OptionalLong version) {
        try {
            SnapshotBuilder builder = TableManager.loadSnapshot(home.tablePath(dataset));
            version.ifPresent(builder::atVersion);
            return checksum(builder.build(engine));
        } catch (ParquetCryptoRuntimeException e) {
            throw LakeException.failed(
                    "table " + dataset + " cannot be read by Delta Kernel",
                    "cold files of it are encrypted, and Kernel asks nobody for keys: " + e.getMessage(),
                    "read it by Spark, with the lake's settings",
                    e);
        } catch (KernelException | IOException e) {
            throw unreadable(dataset, e);
        }
    }

    private LakeException unreadable(DatasetName dataset, Exception cause) {
        return LakeException.failed(
                "table " + dataset + " cannot be read at " + home.tablePath(dataset),
                String.valueOf(cause.getMessage()),
                "check that the store is reachable and run `lake doctor`",
                cause);
    }

    private RowChecksum checksum(Snapshot snapshot) throws IOException {
        CanonicalRow target = new CanonicalRow();
        read(snapshot, batch -> add(batch, target));
        return target.checksum();
    }

    /**
     * The rows of a table's newest version, for a table of few: texts, numbers, truth values and times by the names of their
     * columns, without those that are null. None where there is no table.
     *
     * @throws LakeException (failed) where the table or one of its files cannot be read, or has columns of other types
     */
    public List<Map<String, Object>> rows(DatasetName dataset) {
        List<Map<String, Object>> found = new ArrayList<>();
        try {
            read(TableManager.loadSnapshot(home.tablePath(dataset)).build(engine), batch -> {
                try (CloseableIterator<Row> rows = batch.getRows()) {
                    while (rows.hasNext()) {
                        found.add(values(rows.next()));
                    }
                }
            });
            return found;
        } catch (TableNotFoundException notThere) {
            return List.of();
        } catch (KernelEngineException e) {
            if (e.getCause() instanceof FileNotFoundException) {
                return List.of();
            }
            throw unreadable(dataset, e);
        } catch (KernelException | IOException e) {
            throw unreadable(dataset, e);
        }
    }

    private static Map<String, Object> values(Row row) {
        Map<String, Object> values = new TreeMap<>();
        List<StructField> fields = row.getSchema().fields();
        for (int i = 0; i < fields.size(); i++) {
            if (!row.isNullAt(i)) {
                values.put(fields.get(i).getName(), value(row, i, fields.get(i).getDataType()));
            }
        }
        return values;
    }

    private static Object value(Row row, int column, DataType type) {
        if (type instanceof StringType) {
            return row.getString(column);
        } else if (type instanceof BooleanType) {
            return row.getBoolean(column);
        } else if (type instanceof LongType) {
            return row.getLong(column);
        } else if (type instanceof DoubleType) {
            return row.getDouble(column);
        } else if (type instanceof TimestampType) {
            return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS);
        }
        throw LakeException.failed(
                "a table cannot be read without Spark", "it has a column of the type " + type, "read it by `lake sql`");
    }

    /** What is done with each batch of rows. */
    @FunctionalInterface
    private interface Reading {
        void of(FilteredColumnarBatch batch) throws IOException;
    }

    private void read(Snapshot snapshot, Reading reading) throws IOException {
        Scan scan = snapshot.getScanBuilder().build();
        Row state = scan.getScanState(engine);
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> files = batches.next().getRows()) {
                    while (files.hasNext()) {
                        read(state, files.next(), reading);
                    }
                }
            }
        }
    }

    private void read(Row state, Row file, Reading reading) throws IOException {
        FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        CloseableIterator<ColumnarBatch> read = engine.getParquetHandler()
                .readParquetFiles(Utils.singletonCloseableIterator(status), physical, Optional.empty())
                .map(FileReadResult::getData);
        try (CloseableIterator<FilteredColumnarBatch> batches = Scan.transformPhysicalData(engine, state, file, read)) {
            while (batches.hasNext()) {
                reading.of(batches.next());
            }
        }
    }

    private static void add(FilteredColumnarBatch batch, CanonicalRow target) {
        ColumnarBatch data = batch.getData();
        List<String> names = data.getSchema().fieldNames();
        ColumnVector[] columns = IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparing(names::get))
                .map(data::getColumnVector)
                .toArray(ColumnVector[]::new);
        Optional<ColumnVector> selection = batch.getSelectionVector();
        for (int row = 0; row < data.getSize(); row++) {
            if (selection.isPresent()
                    && (selection.get().isNullAt(row) || !selection.get().getBoolean(row))) {
                continue;
            }
            for (ColumnVector column : columns) {
                put(column, row, target);
            }
            target.endRow();
        }
    }

    private static void put(ColumnVector values, int row, CanonicalRow target) {
        DataType type = values.getDataType();
        if (values.isNullAt(row)) {
            target.putNull();
        } else if (type instanceof StringType) {
            target.putText(values.getString(row));
        } else if (type instanceof BinaryType) {
            target.putBytes(values.getBinary(row));
        } else if (type instanceof BooleanType) {
            target.putBoolean(values.getBoolean(row));
        } else if (type instanceof ByteType) {
            target.putLong(values.getByte(row));
        } else if (type instanceof ShortType) {
            target.putLong(values.getShort(row));
        } else if (type instanceof IntegerType) {
            target.putLong(values.getInt(row));
        } else if (type instanceof LongType) {
            target.putLong(values.getLong(row));
        } else if (type instanceof FloatType) {
            target.putFloat(values.getFloat(row));
        } else if (type instanceof DoubleType) {
            target.putDouble(values.getDouble(row));
        } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            target.putTimestampMicros(values.getLong(row));
        } else if (type instanceof DateType) {
            target.putDateDays(values.getInt(row));
        } else if (type instanceof DecimalType decimal) {
            target.putDecimal(values.getDecimal(row).setScale(decimal.getScale()));
        } else if (type instanceof ArrayType) {
            ArrayValue array = values.getArray(row);
            target.beginArray(array.getSize());
            for (int i = 0; i < array.getSize(); i++) {
                put(array.getElements(), i, target);
            }
        } else if (type instanceof StructType struct) {
            target.beginStruct(struct.length());
            for (int i = 0; i < struct.length(); i++) {
                put(values.getChild(i), row, target);
            }
        } else if (type instanceof MapType) {
            put(values.getMap(row), target);
        } else {
            throw LakeException.failed(
                    "rows cannot be compared",
                    "type " + type + " has no canonical form",
                    "leave the column's table out of the comparison");
        }
    }

    private static void put(MapValue map, CanonicalRow target) {
        CanonicalRow key = new CanonicalRow();
        Map<byte[], Integer> order = new TreeMap<>(Arrays::compareUnsigned);
        for (int i = 0; i < map.getSize(); i++) {
            put(map.getKeys(), i, key);
            order.put(key.canonicalBytes(), i);
            key.reset();
        }
        target.beginMap(map.getSize());
        order.forEach((bytes, i) -> {
            target.putCanonical(bytes);
            put(map.getValues(), i, target);
        });
    }
}
