package io.datapunk.lake.delta;

import io.datapunk.lake.model.table.TableDefinition;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.Format;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.SetTransaction;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Makes Delta's log actions. Their constructors change from one Delta release to the next, so they are called here and
 * nowhere else; {@code DeltaActionsTest} says what has to be looked at when they do.
 */
final class DeltaActions {
    private DeltaActions() {}

    /** Makes version 0 of a table. */
    static long createTable(
            OptimisticTransaction transaction, TableDefinition definition, Map<String, String> properties) {
        Metadata metadata = new Metadata(
                UUID.randomUUID().toString(),
                null,
                definition.comment(),
                new Format("parquet", immutable(Map.of())),
                DeltaSchemas.structType(definition).json(),
                immutable(definition.partitionColumn().map(List::of).orElse(List.of())),
                immutable(properties),
                Option.apply(System.currentTimeMillis()));
        transaction.updateMetadataForNewTable(metadata);
        return transaction.commit(
                immutable(List.<Action>of()),
                new DeltaOperations.CreateTable(transaction.metadata(), false, false, Option.empty()));
    }

    /** The operation that a commit of appended rows names. */
    static DeltaOperations.Operation append(List<String> partitionColumns) {
        return write(SaveMode.Append, partitionColumns);
    }

    /** The operation that a commit names which gives partitions other rows. */
    static DeltaOperations.Operation overwrite(List<String> partitionColumns) {
        return write(SaveMode.Overwrite, partitionColumns);
    }

    private static DeltaOperations.Operation write(SaveMode mode, List<String> partitionColumns) {
        return new DeltaOperations.Write(
                mode,
                partitionColumns.isEmpty() ? Option.empty() : Option.apply(immutable(partitionColumns)),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty());
    }

    /** Names a commit, so that it can be found to be made already. */
    static Action once(String application, long version, long atMillis) {
        return new SetTransaction(application, version, Option.apply(atMillis));
    }

    /** The operation that a commit names which removes files with their rows: Delta's own asks for its command's metrics. */
    static DeltaOperations.Operation delete() {
        return DeltaOperations.ManualUpdate$.MODULE$;
    }

    /** The operation that a commit of moves names: it changes no data, so that appends beside it do not conflict. */
    static DeltaOperations.Operation move() {
        return DeltaOperations.ManualUpdate$.MODULE$;
    }

    /** A file with a source file's rows, in their order: everything that hangs on the rows is carried over. */
    static AddFile replacing(
            AddFile source, String encodedPath, long bytes, long modificationTime, Map<String, String> tags) {
        return added(
                source.partitionValues(),
                encodedPath,
                bytes,
                modificationTime,
                source.stats(),
                tags,
                source.baseRowId(),
                source.defaultRowCommitVersion(),
                source.clusteringProvider());
    }

    /** A file with rows out of several source files or with masked rows left out. */
    static AddFile rewritten(
            AddFile anySource, String encodedPath, long bytes, long modificationTime, Map<String, String> tags) {
        return added(
                anySource.partitionValues(),
                encodedPath,
                bytes,
                modificationTime,
                null,
                tags,
                Option.empty(),
                Option.empty(),
                anySource.clusteringProvider());
    }

    private static AddFile added(
            scala.collection.immutable.Map<String, String> partitionValues,
            String encodedPath,
            long bytes,
            long modificationTime,
            String statistics,
            Map<String, String> tags,
            Option<Object> baseRowId,
            Option<Object> defaultRowCommitVersion,
            Option<String> clusteringProvider) {
        return new AddFile(
                encodedPath,
                partitionValues,
                bytes,
                modificationTime,
                false,
                statistics,
                immutable(tags),
                null,
                baseRowId,
                defaultRowCommitVersion,
                clusteringProvider,
                Option.empty(),
                Option.empty());
    }

    static AddFile tagged(AddFile file, String tag, String value) {
        Map<String, String> tags = tags(file);
        tags.put(tag, value);
        return file.copyWithTags(immutable(tags));
    }

    static AddFile withStatistics(AddFile file, String statistics) {
        return added(
                file.partitionValues(),
                file.path(),
                file.size(),
                file.modificationTime(),
                statistics,
                tags(file),
                file.baseRowId(),
                file.defaultRowCommitVersion(),
                file.clusteringProvider());
    }

    static Map<String, String> tags(AddFile file) {
        return new TreeMap<>(CollectionConverters.asJava(file.tagsOrEmpty()));
    }

    /** A file's path as actions have it: URL-encoded. */
    static String encoded(String path) {
        return new Path(null, null, path).toUri().toString();
    }

    /** Where a file lies; its path may be relative to the table's root. */
    static Path absolute(DeltaLog log, AddFile file) {
        Path path = new Path(URI.create(file.path()));
        return path.isAbsolute() ? path : new Path(log.dataPath(), path);
    }

    /** What a file's rows have in a partition column, by its physical name; empty for null. */
    static Optional<String> partitionValue(AddFile file, String physicalColumn) {
        return Optional.ofNullable(
                        CollectionConverters.asJava(file.partitionValues()).get(physicalColumn))
                .filter(value -> !value.isEmpty());
    }

    static <T> Seq<T> immutable(List<T> list) {
        return CollectionConverters.asScala(list).toList();
    }

    static scala.collection.immutable.Map<String, String> immutable(Map<String, String> map) {
        return scala.collection.immutable.Map.from(CollectionConverters.asScala(map));
    }
}
