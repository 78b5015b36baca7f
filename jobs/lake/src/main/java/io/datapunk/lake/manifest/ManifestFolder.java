package io.datapunk.lake.manifest;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.manifest.ManifestEntry.Chained;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.storage.RawFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;

/**
 * One table's manifest: {@code HOME/manifest/<schema>/<dataset>/<sequence>.ndjson}, files that are never changed. A file
 * holds one {@link ManifestEntry} a line; its name is the number of its first one, in 20 digits. Each entry carries the hash
 * of the one before, so that none can be left out; where the chain ends is kept outside, in {@link ManifestHeads} and the
 * audit log. {@code <sequence>.reset.ndjson} begins a new chain: what lies before it counts no more.
 */
final class ManifestFolder {
    private static final Pattern NAME = Pattern.compile("(\\d{20})(\\.reset)?\\.ndjson");
    private static final String CREATE_IF_ABSENT = CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;

    private final DatasetName dataset;
    private final Path folder;
    private final FileSystem store;

    private ManifestFolder(DatasetName dataset, Path folder, FileSystem store) {
        this.dataset = dataset;
        this.folder = folder;
        this.store = store;
    }

    static ManifestFolder of(LakeHome home, DatasetName dataset, Configuration configuration) throws IOException {
        Path folder = new Path(home.manifestPath() + "/" + dataset.schema() + "/" + dataset.name());
        return new ManifestFolder(dataset, folder, RawFiles.of(folder, configuration));
    }

    /** The tables that have one. */
    static List<DatasetName> all(LakeHome home, Configuration configuration) throws IOException {
        Path root = new Path(home.manifestPath());
        FileSystem store = root.getFileSystem(configuration);
        List<DatasetName> found = new ArrayList<>();
        for (String schema : folders(store, root)) {
            for (String name : folders(store, new Path(root, schema))) {
                found.add(new DatasetName(schema, name));
            }
        }
        return found;
    }

    private static List<String> folders(FileSystem store, Path folder) throws IOException {
        try {
            List<String> names = new ArrayList<>();
            for (FileStatus status : store.listStatus(folder)) {
                if (status.isDirectory()
                        && DatasetName.isIdentifier(status.getPath().getName())) {
                    names.add(status.getPath().getName());
                }
            }
            return names.stream().sorted().toList();
        } catch (FileNotFoundException none) {
            return List.of();
        }
    }

    private record Segment(long sequence, boolean reset, String name) {
        /** Whether nothing comes before it. */
        private boolean begins() {
            return reset || sequence == 0;
        }

        private static Optional<Segment> of(String name) {
            Matcher matcher = NAME.matcher(name);
            return matcher.matches()
                    ? Optional.of(new Segment(Long.parseLong(matcher.group(1)), matcher.group(2) != null, name))
                    : Optional.empty();
        }
    }

    /** From the newest reset on, in their order. */
    private List<Segment> segments() throws IOException {
        List<Segment> segments = new ArrayList<>();
        try {
            for (FileStatus status : store.listStatus(folder)) {
                Segment.of(status.getPath().getName()).ifPresent(segments::add);
            }
        } catch (FileNotFoundException none) {
            return List.of();
        }
        segments.sort(Comparator.comparingLong(Segment::sequence).thenComparing(Segment::reset));
        int begin = 0;
        for (int i = 0; i < segments.size(); i++) {
            begin = segments.get(i).reset() ? i : begin;
        }
        return segments.subList(begin, segments.size());
    }

    /** The number that a new entry gets, whatever is wrong with those before. */
    long nextSequence(long atLeast) throws IOException {
        List<Segment> segments = segments();
        long newest =
                segments.isEmpty() ? -1 : segments.get(segments.size() - 1).sequence();
        return Math.max(newest + 1, atLeast);
    }

    /** The newest entry, empty before the first. */
    Optional<Chained> tip() throws IOException, DamagedManifestException {
        List<Segment> segments = segments();
        Chained[] last = new Chained[1];
        if (!segments.isEmpty()) {
            read(segments.get(segments.size() - 1), null, entry -> last[0] = entry);
        }
        return Optional.ofNullable(last[0]);
    }

    /**
     * Reads all entries in their order.
     *
     * @return the newest one, empty before the first
     */
    Optional<Chained> read(Consumer<ManifestEntry> reader) throws IOException, DamagedManifestException {
        Chained[] last = new Chained[1];
        List<Segment> segments = segments();
        if (!segments.isEmpty() && !segments.get(0).begins()) {
            throw damaged(segments.get(0), 0, "the files before it are missing");
        }
        for (Segment segment : segments) {
            read(segment, last[0], entry -> {
                last[0] = entry;
                reader.accept(entry.entry());
            });
        }
        return Optional.ofNullable(last[0]);
    }

    /** @param before the entry before the segment's first; null where that is not known */
    private void read(Segment segment, Chained before, Consumer<Chained> reader)
            throws IOException, DamagedManifestException {
        Chained last = before;
        long number = 0;
        for (String line : lines(segment)) {
            number++;
            Chained entry = ManifestEntry.parse(line).orElse(null);
            if (entry == null) {
                throw damaged(segment, number, "the line is not what was written");
            }
            boolean begins = number == 1 && segment.begins();
            long sequence = number == 1 && (begins || last == null)
                    ? segment.sequence()
                    : last.entry().sequence() + 1;
            // Of a segment that is read alone nobody knows what comes before.
            boolean follows = begins
                    ? entry.previous().equals(ManifestHead.NO_HASH)
                    : last == null || entry.previous().equals(last.hash());
            if (entry.entry().sequence() != sequence || segment.sequence() > sequence || !follows) {
                throw damaged(segment, number, "entries before it are missing or are others");
            }
            last = entry;
            reader.accept(entry);
        }
    }

    private List<String> lines(Segment segment) throws IOException, DamagedManifestException {
        byte[] content;
        try (FSDataInputStream in = store.open(new Path(folder, segment.name()))) {
            content = in.readAllBytes();
        }
        if (content.length == 0 || content[content.length - 1] != '\n') {
            throw damaged(segment, 0, "the file is torn: it has " + content.length + " bytes and no end");
        }
        String text = new String(content, 0, content.length - 1, StandardCharsets.UTF_8);
        return List.of(text.split("\n", -1));
    }

    private DamagedManifestException damaged(Segment segment, long line, String what) {
        return new DamagedManifestException(path(segment.name()), line, what);
    }

    /** As {@code manifest/user_data/activity/…}. */
    String path(String file) {
        return "manifest/" + dataset.schema() + "/" + dataset.name() + "/" + file;
    }

    /**
     * Writes entries that follow each other, as one file; on the disk when it returns.
     *
     * @param previous hash of the entry before
     * @return the head after them; empty where somebody else has written the file
     */
    Optional<ManifestHead> write(List<ManifestEntry> entries, String previous) throws IOException {
        StringBuilder content = new StringBuilder();
        ManifestHead head = null;
        String before = previous;
        for (ManifestEntry entry : entries) {
            String line = entry.line(before);
            Chained chained = ManifestEntry.parse(line)
                    .orElseThrow(() -> new IllegalStateException("an entry that was just written cannot be read"));
            head = chained.head();
            before = chained.hash();
            content.append(line).append('\n');
        }
        ManifestEntry first = entries.get(0);
        String name = String.format(Locale.ROOT, "%020d%s.ndjson", first.sequence(), first.reset() ? ".reset" : "");
        boolean created = create(name, content.toString().getBytes(StandardCharsets.UTF_8));
        return created ? Optional.ofNullable(head) : Optional.empty();
    }

    private boolean create(String name, byte[] content) throws IOException {
        Path file = new Path(folder, name);
        if ("file".equals(store.getUri().getScheme())) {
            return createLocally(java.nio.file.Path.of(file.toUri().getPath()), content);
        }
        FSDataOutputStreamBuilder<?, ?> builder = store.createFile(file);
        builder.overwrite(true);
        builder.recursive();
        builder.must(CREATE_IF_ABSENT, true);
        try (FSDataOutputStream out = builder.build()) {
            out.write(content);
        } catch (IOException e) {
            if (store.exists(file)) {
                return false;
            }
            throw e;
        }
        return true;
    }

    /** Whole or not at all; the lease of whoever writes manifests keeps others of this machine out. */
    private static boolean createLocally(java.nio.file.Path file, byte[] content) throws IOException {
        if (Files.exists(file)) {
            return false;
        }
        Files.createDirectories(file.getParent());
        java.nio.file.Path next = file.resolveSibling("." + UUID.randomUUID() + ".new");
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }
}
