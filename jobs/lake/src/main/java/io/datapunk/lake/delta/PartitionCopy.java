package io.datapunk.lake.delta;

import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.delta.RowRewriter.RewriteSizes;
import io.datapunk.lake.delta.RowRewriter.WrittenFile;
import io.datapunk.lake.encryption.FileEncryption;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.Tier;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.delta.DeltaColumnMapping;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.RowTracking;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;

/** One attempt at copying partitions of one table into another tier. */
final class PartitionCopy {
    /** Smaller files are merged where there are several: opening a file costs about as much as reading this. */
    private static final long SMALL_FILE_BYTES = 32L << 20;

    /** Spark's own limit of a dictionary page. */
    private static final long WARM_DICTIONARY_BYTES = 1L << 20;

    private static final Pattern MONTH = Pattern.compile("^(\\d{4})-\\d{2}");

    private final DeltaLog log;
    private final Snapshot snapshot;
    private final Tier target;
    private final String category;
    private final FileCodec codec;
    private final PageCopies pages;
    private final RowRewriter rewriter;
    private final boolean rowTracked;
    private final Optional<String> key;
    private final RowOrder order;
    private final String attempt = UUID.randomUUID().toString();

    /**
     * @param keyring where the keys of encrypted files lie
     * @param keys is told before one is made
     */
    PartitionCopy(
            SparkSession spark,
            TieringConfig config,
            DeltaLog log,
            Snapshot snapshot,
            DatasetName dataset,
            Tier target,
            String keyring,
            Keyring.BeforeMaking keys) {
        this.log = log;
        this.snapshot = snapshot;
        this.target = target;
        this.category = config.cold().category();
        this.codec = target == Tier.COLD ? FileCodec.cold(config.cold().level()) : FileCodec.warm();
        Configuration writing = log.newDeltaHadoopConf();
        this.key = target == Tier.COLD && config.cold().encrypted()
                ? Optional.of(FileEncryption.begin(writing, keyring, dataset, config.cold(), keys))
                : Optional.empty();
        this.pages = new PageCopies(spark, log, codec, writing);
        this.rewriter = new RowRewriter(
                spark,
                log,
                snapshot,
                codec,
                writing,
                new RewriteSizes(
                        config.cold().fileBytes(),
                        config.warm().rowGroupBytes(),
                        target == Tier.COLD ? config.cold().dictionaryBytes() : WARM_DICTIONARY_BYTES));
        this.order = RowOrder.of(dataset, config);
        this.rowTracked = RowTracking.isEnabled(snapshot.protocol(), snapshot.metadata());
    }

    /** The move of each source, their files as parallel tasks of one job. What a failed attempt wrote is deleted. */
    List<StagedMove> copy(List<PartitionFiles> sources) {
        return copy(sources, this::parts);
    }

    /**
     * The small files of each source, and those whose rows lie in another order than they should, as one, in the tier that they
     * lie in. What a failed attempt wrote is deleted.
     */
    List<StagedMove> merge(List<PartitionFiles> sources) {
        sources.forEach(source -> order.require(
                source.partition().dataset(), List.of(snapshot.schema().fieldNames())));
        return copy(sources, this::merging);
    }

    private List<StagedMove> copy(List<PartitionFiles> sources, BiFunction<PartitionFiles, LiveFiles, Parts> choosing) {
        List<PartitionName> partitions =
                sources.stream().map(PartitionFiles::partition).toList();
        LiveFiles live = LiveFiles.of(snapshot, partitions);
        List<Parts> parts =
                sources.stream().map(source -> choosing.apply(source, live)).toList();
        try {
            Map<PartitionName, List<AddFile>> written = copyPages(parts);
            for (Parts part : parts) {
                if (!part.byRow().isEmpty()) {
                    written.computeIfAbsent(part.partition(), any -> new ArrayList<>())
                            .addAll(rewritten(part.partition(), part.byRow()));
                }
            }
            return parts.stream()
                    .map(part -> new StagedMove(part.partition(), target, part.moving(), written.get(part.partition())))
                    .toList();
        } catch (Exception e) {
            partitions.forEach(partition -> deleteWritten(partition, e));
            throw e;
        }
    }

    /**
     * A partition's files that move.
     *
     * @param byRow those of them whose pages cannot be carried over
     */
    private record Parts(PartitionName partition, List<AddFile> moving, List<AddFile> byRow) {
        List<AddFile> byPage() {
            return moving.stream().filter(file -> !byRow.contains(file)).toList();
        }
    }

    private Parts parts(PartitionFiles source, LiveFiles live) {
        List<AddFile> moving = moving(source, live.of(source.partition()));
        return new Parts(source.partition(), moving, rewriting(source.partition(), moving));
    }

    private Parts merging(PartitionFiles source, LiveFiles live) {
        Map<String, AddFile> files = live.of(source.partition());
        List<AddFile> merging = source.files().stream()
                .filter(file -> isSmall(file) || !order.isKeptBy(file.tags()))
                .filter(file -> file.isCold() == (target == Tier.COLD))
                .map(file -> requireSame(source, file, files))
                .toList();
        return new Parts(source.partition(), merging, merging);
    }

    /** Whether it is worth being merged with others. */
    static boolean isSmall(DataFile file) {
        return file.bytes() < SMALL_FILE_BYTES;
    }

    /** A file whose pages are carried over. */
    private record PagedFile(PartitionName partition, AddFile source) {}

    private Map<PartitionName, List<AddFile>> copyPages(List<Parts> parts) {
        List<PagedFile> files = parts.stream()
                .flatMap(part -> part.byPage().stream().map(file -> new PagedFile(part.partition(), file)))
                .toList();
        List<PageCopies.Task> tasks = new ArrayList<>();
        for (PagedFile file : files) {
            tasks.add(new PageCopies.Task(
                    DeltaActions.absolute(log, file.source()).toString(),
                    file.source().size(),
                    folder(file.partition()) + name() + "-pages-" + tasks.size()));
        }
        List<WrittenFile> written = pages.copy(tasks);
        Map<PartitionName, List<AddFile>> byPartition = new HashMap<>();
        for (int i = 0; i < files.size(); i++) {
            byPartition
                    .computeIfAbsent(files.get(i).partition(), any -> new ArrayList<>())
                    .add(replacing(files.get(i).source(), written.get(i)));
        }
        return byPartition;
    }

    /** Of a failed attempt. Tasks that still run may leave a file that no table refers to; VACUUM removes it. */
    private void deleteWritten(PartitionName partition, Throwable reason) {
        try {
            Path folder = new Path(log.dataPath(), new Path(null, null, "./" + folder(partition)));
            FileSystem store = folder.getFileSystem(log.newDeltaHadoopConf());
            if (store.exists(folder)) {
                for (FileStatus file :
                        store.listStatus(folder, path -> path.getName().startsWith(name()))) {
                    store.delete(file.getPath(), false);
                }
            }
        } catch (IOException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /** The files that do not lie in the target tier yet. */
    private List<AddFile> moving(PartitionFiles source, Map<String, AddFile> live) {
        List<AddFile> moving = new ArrayList<>();
        for (DataFile file : source.files()) {
            AddFile action = requireSame(source, file, live);
            if (file.isCold() != (target == Tier.COLD)) {
                moving.add(action);
            }
        }
        if (moving.isEmpty()) {
            throw LakeException.failed(
                    source.partition() + " cannot be moved to " + target,
                    "all of its " + source.files().size() + " files lie there already",
                    "make a new plan with `lake tier plan`");
        }
        return moving;
    }

    private static AddFile requireSame(PartitionFiles source, DataFile file, Map<String, AddFile> live) {
        AddFile action = live.get(file.path());
        if (!LiveFiles.isSame(file, action)) {
            throw LiveFiles.drift(source.partition().toString());
        }
        return action;
    }

    /** Those whose pages cannot be carried over one file to one. */
    private List<AddFile> rewriting(PartitionName partition, List<AddFile> moving) {
        List<AddFile> masked = moving.stream().filter(LiveFiles::isMasked).toList();
        if (rowTracked) {
            if (!masked.isEmpty()) {
                throw LakeException.failed(
                        partition + " cannot be moved to " + target,
                        "rows of it are masked by deletion vectors, and writing a row-tracked table's rows anew"
                                + " would change their ids",
                        "purge the deletion vectors with REORG TABLE … APPLY (PURGE) first");
            }
            return List.of();
        }
        List<AddFile> small =
                moving.stream().filter(file -> file.size() < SMALL_FILE_BYTES).toList();
        if (small.size() < 2) {
            requireNoColumnMapping(partition, masked);
            return masked;
        }
        List<AddFile> rewriting = moving.stream()
                .filter(file -> LiveFiles.isMasked(file) || file.size() < SMALL_FILE_BYTES)
                .toList();
        if (isColumnMapped()) {
            requireNoColumnMapping(partition, masked);
            return List.of();
        }
        return rewriting;
    }

    /** Whether rows of the table may be written anew at all. */
    boolean canRewrite() {
        return !rowTracked && !isColumnMapped();
    }

    private boolean isColumnMapped() {
        return !snapshot.columnMappingMode().name().equals("none");
    }

    private void requireNoColumnMapping(PartitionName partition, List<AddFile> masked) {
        if (!masked.isEmpty() && isColumnMapped()) {
            throw LakeException.failed(
                    partition + " cannot be moved to " + target,
                    "rows of it are masked by deletion vectors, and rows of a table with column mapping are not"
                            + " written anew",
                    "purge the deletion vectors with REORG TABLE … APPLY (PURGE) first");
        }
    }

    private AddFile replacing(AddFile source, WrittenFile file) {
        AddFile added = DeltaActions.replacing(
                source,
                DeltaActions.encoded(file.path()),
                file.bytes(),
                file.modificationTime(),
                tags(List.of(source)));
        boolean bare = source.stats() == null || source.stats().isEmpty();
        return bare ? DeltaActions.withStatistics(added, rewriter.statistics(added)) : added;
    }

    private List<AddFile> rewritten(PartitionName partition, List<AddFile> sources) {
        boolean isSorted = sources.size() == 1 && order.isKeptBy(DeltaActions.tags(sources.get(0)));
        Map<String, String> tags = tags(sources);
        tags.remove(FileTags.SORTED_BY);
        order.tag().ifPresent(columns -> tags.put(FileTags.SORTED_BY, columns));
        List<AddFile> files = new ArrayList<>();
        for (WrittenFile file :
                rewriter.rewrite(sources, folder(partition), name(), isSorted ? List.of() : order.wanted())) {
            AddFile bare = DeltaActions.rewritten(
                    sources.get(0), DeltaActions.encoded(file.path()), file.bytes(), file.modificationTime(), tags);
            files.add(DeltaActions.withStatistics(bare, rewriter.statistics(bare)));
        }
        return files;
    }

    private Map<String, String> tags(List<AddFile> sources) {
        Map<String, String> tags = new LinkedHashMap<>();
        if (sources.size() == 1) {
            tags.putAll(DeltaActions.tags(sources.get(0)));
        }
        tags.put(
                FileTags.WRITTEN_AT,
                sources.stream()
                        .map(file -> DeltaActions.tags(file)
                                .getOrDefault(
                                        FileTags.WRITTEN_AT,
                                        Instant.ofEpochMilli(file.modificationTime())
                                                .toString()))
                        .map(Instant::parse)
                        .max(Instant::compareTo)
                        .orElseThrow()
                        .toString());
        tags.put(FileTags.CODEC, codec.toString());
        tags.remove(FileTags.KEY);
        key.ifPresent(id -> tags.put(FileTags.KEY, id));
        return tags;
    }

    /** The first part of the names of this attempt's files. */
    private String name() {
        return target == Tier.COLD ? attempt : "part-" + attempt;
    }

    private String folder(PartitionName partition) {
        String folder =
                partition.value().map(value -> partitionFolder(value) + "/").orElse("");
        return target == Tier.COLD ? FileTier.COLD_FOLDER + category + "/" + year(partition) + folder : folder;
    }

    private static String year(PartitionName partition) {
        Matcher month =
                MONTH.matcher(partition.value().map(PartitionValue::value).orElse(""));
        return month.find() ? month.group(1) + "/" : "";
    }

    private String partitionFolder(PartitionValue value) {
        String physical = DeltaColumnMapping.getPhysicalName(snapshot.schema().apply(value.column()));
        return ExternalCatalogUtils.getPartitionPathString(physical, value.value());
    }
}
