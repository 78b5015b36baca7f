package io.datapunk.lake.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.delta.CheckpointReader;
import io.datapunk.lake.delta.CommitReader.MalformedCommitException;
import io.datapunk.lake.delta.LogNames;
import io.datapunk.lake.delta.LogNames.Checkpoint;
import io.datapunk.lake.delta.LoggedFile;
import io.datapunk.lake.manifest.Finding.Kind;
import io.datapunk.lake.model.DatasetName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Compares a table's log with its manifest: commits, checkpoints, and what lies beside them. */
final class LogInspection {
    private static final Duration DEFAULT_RETENTION = Duration.ofDays(30);
    private static final Pattern INTERVAL = Pattern.compile("(?:interval )?(\\d+) (week|day|hour|minute|second)s?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DatasetName dataset;
    private final TableFiles files;
    private final Configuration store;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();
    private final TreeSet<Long> goodCommits = new TreeSet<>();
    private final SortedMap<Checkpoint, List<FileStatus>> checkpoints =
            new TreeMap<>(Comparator.comparingLong(Checkpoint::version)
                    .thenComparing(Checkpoint::parts)
                    .thenComparing(Checkpoint::id));
    private final Map<Long, Map<LoggedFile.Key, Long>> liveAt = new HashMap<>();

    LogInspection(DatasetName dataset, TableFiles files, Configuration store, Instant now) {
        this.dataset = dataset;
        this.files = files;
        this.store = store;
        this.now = now;
    }

    /** Before the manifest is read: of which versions the state will be wanted. */
    void expect(SortedMap<String, FileStatus> listing) {
        listing.forEach((name, status) -> LogNames.checkpoint(name).ifPresent(checkpoint -> checkpoints
                .computeIfAbsent(checkpoint, any -> new ArrayList<>())
                .add(status)));
    }

    /** While versions go by. */
    void at(TableState state) {
        boolean wanted = checkpoints.keySet().stream().anyMatch(checkpoint -> checkpoint.version() == state.version());
        if (wanted) {
            Map<LoggedFile.Key, Long> live = new HashMap<>();
            state.live().forEach((key, file) -> live.put(key, file.file().bytes()));
            liveAt.put(state.version(), live);
        }
    }

    /** Once the manifest was read; brings the state up to what the log says beyond it. */
    List<Finding> run(TableState state, SortedMap<String, FileStatus> listing) throws IOException {
        compareCommits(state, listing);
        readNewCommits(state, listing);
        compareBeside(state, listing);
        List<Long> good = compareCheckpoints(state);
        requireBase(state, listing, good);
        return findings;
    }

    private void compareCommits(TableState state, SortedMap<String, FileStatus> listing) throws IOException {
        for (LogFile expected : state.log().values()) {
            if (LogNames.commit(expected.name()).isEmpty() || !listing.containsKey(expected.name())) {
                continue;
            }
            long version = LogNames.commit(expected.name()).getAsLong();
            Optional<String> difference = difference(expected, Kind.COMMIT);
            if (difference.isEmpty()) {
                goodCommits.add(version);
            } else {
                add(Kind.COMMIT, expected.name(), difference.get(), of(expected), restore());
            }
        }
    }

    private static String of(LogFile expected) {
        return expected.bytes() + " bytes with SHA-256 " + expected.sha256();
    }

    /** What is found instead; empty where it is what was written. */
    private Optional<String> difference(LogFile expected, Kind kind) throws IOException {
        FileDigest digest;
        try {
            digest = files.digest(files.log(expected.name()));
        } catch (FileNotFoundException gone) {
            return Optional.of("it is missing");
        }
        if (digest.sha256().equals(expected.sha256())) {
            if (digest.staleChecksum()) {
                addStaleChecksum(kind, expected.name());
            }
            return Optional.empty();
        }
        if (digest.bytes() == 0) {
            return Optional.of("it is empty");
        }
        return Optional.of(
                digest.bytes() < expected.bytes()
                        ? "it is torn: " + digest.bytes() + " bytes with SHA-256 " + digest.sha256()
                        : digest.bytes() + " bytes with SHA-256 " + digest.sha256());
    }

    private void addStaleChecksum(Kind kind, String name) {
        Path file = files.log(name);
        Path checksum = new Path(file.getParent(), "." + file.getName() + ".crc");
        findings.add(new Finding(
                kind,
                dataset.toString(),
                place("." + name + ".crc"),
                "Hadoop's checksum does not fit the file, which is whole, so that Spark refuses to read it",
                "",
                remove(checksum),
                Optional.of(Repair.remove(checksum.toString()))));
    }

    private void readNewCommits(TableState state, SortedMap<String, FileStatus> listing) throws IOException {
        List<Long> beyond = listing.keySet().stream()
                .filter(name -> LogNames.commit(name).orElse(-1) > state.version())
                .map(name -> LogNames.commit(name).getAsLong())
                .sorted()
                .toList();
        for (long version : beyond) {
            try {
                state.apply(version, files.commit(version).actions());
                goodCommits.add(version);
                at(state);
            } catch (MalformedCommitException e) {
                add(
                        Kind.COMMIT,
                        LogNames.commitName(version),
                        listing.get(LogNames.commitName(version)).getLen() == 0
                                ? "it is empty, and Delta would read fewer rows"
                                : "it is torn: " + e.getMessage(),
                        "a whole commit; no manifest has it yet",
                        restore());
            }
        }
    }

    /** Checkpoints' bytes, checksums of versions, the pointer to the newest checkpoint. */
    private void compareBeside(TableState state, SortedMap<String, FileStatus> listing) throws IOException {
        for (LogFile expected : state.log().values()) {
            boolean checksum = LogNames.checksum(expected.name()).isPresent();
            if (checksum && listing.containsKey(expected.name())) {
                Optional<String> difference = difference(expected, Kind.LOG_FILE);
                difference.ifPresent(found -> addRemovable(Kind.LOG_FILE, expected.name(), found, of(expected)));
            }
        }
        for (String name : listing.keySet()) {
            if (LogNames.checksum(name).isPresent() && !state.log().containsKey(name)) {
                requireChecksum(name);
            }
        }
        if (listing.containsKey(TableFiles.LAST_CHECKPOINT)) {
            comparePointer(state);
        }
    }

    /** Of one that no manifest has. */
    private void requireChecksum(String name) throws IOException {
        try (InputStream in = files.open(files.log(name))) {
            // Delta's protocol asks for both; other files of a lake are JSON, too.
            JsonNode checksum = JSON.readTree(in);
            if (!checksum.has("tableSizeBytes") || !checksum.has("numFiles")) {
                addRemovable(Kind.LOG_FILE, name, "it is no checksum of a version", "");
            }
        } catch (JsonProcessingException e) {
            addRemovable(Kind.LOG_FILE, name, "it is not JSON", "");
        } catch (FileNotFoundException removedMeanwhile) {
            return;
        }
    }

    private void comparePointer(TableState state) throws IOException {
        String name = TableFiles.LAST_CHECKPOINT;
        long newest = state.log().keySet().stream()
                .filter(recorded -> recorded.startsWith(name + "/"))
                .mapToLong(recorded -> Long.parseLong(recorded.substring(name.length() + 1)))
                .max()
                .orElse(-1);
        try {
            LastCheckpoint found = LastCheckpoint.read(files.log(name), store);
            LogFile expected = state.log().get(found.recordName());
            if (expected != null) {
                FileDigest digest = files.digest(files.log(name));
                if (!digest.sha256().equals(expected.sha256())) {
                    addRemovable(
                            Kind.LOG_FILE,
                            name,
                            digest.bytes() + " bytes with SHA-256 " + digest.sha256(),
                            of(expected));
                    return;
                }
                if (digest.staleChecksum()) {
                    addStaleChecksum(Kind.LOG_FILE, name);
                }
            }
            boolean exists = checkpoints.keySet().stream().anyMatch(one -> one.version() == found.version());
            boolean newestExists = checkpoints.keySet().stream().anyMatch(one -> one.version() == newest);
            if (found.version() < newest && newestExists || found.version() > newest && !exists) {
                addRemovable(
                        Kind.LOG_FILE,
                        name,
                        "it names the checkpoint of version " + found.version(),
                        "the one of version " + newest);
            }
        } catch (LastCheckpoint.MalformedException e) {
            addRemovable(Kind.LOG_FILE, name, e.getMessage(), "");
        } catch (FileNotFoundException removedMeanwhile) {
            return;
        }
    }

    /** @return the versions of those that are whole */
    private List<Long> compareCheckpoints(TableState state) throws IOException {
        List<Long> good = new ArrayList<>();
        Map<Checkpoint, Map<String, String>> bad = new TreeMap<>(Comparator.comparingLong(Checkpoint::version)
                .thenComparing(Checkpoint::parts)
                .thenComparing(Checkpoint::id));
        Map<String, String> expectedBytes = new HashMap<>();
        for (Map.Entry<Checkpoint, List<FileStatus>> entry : checkpoints.entrySet()) {
            Map<String, String> damaged = new TreeMap<>();
            for (FileStatus part : entry.getValue()) {
                LogFile expected = state.log().get(part.getPath().getName());
                if (expected != null) {
                    difference(expected, Kind.CHECKPOINT).ifPresent(found -> {
                        damaged.put(expected.name(), found);
                        expectedBytes.put(expected.name(), of(expected));
                    });
                }
            }
            boolean whole = entry.getValue().size() == entry.getKey().parts();
            if (damaged.isEmpty() && whole) {
                contentDifference(entry.getKey(), entry.getValue(), state)
                        .ifPresent(found ->
                                damaged.put(entry.getValue().get(0).getPath().getName(), found));
            }
            if (!damaged.isEmpty()) {
                bad.put(entry.getKey(), damaged);
            } else if (whole) {
                good.add(entry.getKey().version());
            }
        }
        long newest = goodCommits.isEmpty() ? -1 : goodCommits.last();
        boolean dispensable = isBase(-1, newest) || good.stream().anyMatch(version -> isBase(version, newest));
        bad.forEach((checkpoint, damaged) -> damaged.forEach((name, found) -> {
            String expected = expectedBytes.getOrDefault(name, "the live files of version " + checkpoint.version());
            if (dispensable) {
                addRemovable(Kind.CHECKPOINT, name, found, expected);
            } else {
                add(Kind.CHECKPOINT, name, found, expected, restore());
            }
        }));
        return good;
    }

    private Optional<String> contentDifference(Checkpoint checkpoint, List<FileStatus> parts, TableState state)
            throws IOException {
        Map<LoggedFile.Key, LoggedFile> live;
        try {
            live = new CheckpointReader(store)
                    .live(parts.stream().map(FileStatus::getPath).toList());
        } catch (FileNotFoundException e) {
            return Optional.of("a file of it is missing: " + e.getMessage());
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + e.getMessage());
        }
        Map<LoggedFile.Key, Long> expected = liveAt.get(checkpoint.version());
        if (expected == null || checkpoint.version() < state.since()) {
            return Optional.empty();
        }
        Map<LoggedFile.Key, Long> found = new HashMap<>();
        live.forEach((key, file) -> found.put(key, file.bytes()));
        return found.equals(expected)
                ? Optional.empty()
                : Optional.of("it has " + found.size() + " live files where the commits have " + expected.size()
                        + ", or others");
    }

    /** Whether readers can begin after that version and come to the newest. */
    private boolean isBase(long version, long newest) {
        return newest >= 0 && goodCommits.tailSet(version, false).size() == newest - version;
    }

    /** Missing commits: what is older than the log's retention may be gone where a checkpoint has it. */
    private void requireBase(TableState state, SortedMap<String, FileStatus> listing, List<Long> good) {
        long lowest = listing.keySet().stream()
                .filter(name -> LogNames.commit(name).isPresent())
                .mapToLong(name -> LogNames.commit(name).getAsLong())
                .min()
                .orElse(Long.MAX_VALUE);
        boolean covered =
                lowest != Long.MAX_VALUE && (lowest == 0 || good.stream().anyMatch(version -> version >= lowest - 1));
        Duration retention = state.logRetention().map(LogInspection::interval).orElse(DEFAULT_RETENTION);
        boolean told = false;
        for (LogFile expected : state.log().values()) {
            long version = LogNames.commit(expected.name()).orElse(-1);
            if (version < 0 || listing.containsKey(expected.name())) {
                continue;
            }
            boolean expired =
                    Instant.ofEpochMilli(expected.modified()).plus(retention).isBefore(now);
            if (version > lowest || !covered || !expired) {
                told = true;
                add(
                        Kind.COMMIT,
                        expected.name(),
                        version > lowest || lowest == Long.MAX_VALUE
                                ? "it is missing"
                                : "it is missing, and is not older than the log's retention of " + retention.toDays()
                                        + " days or no checkpoint has it",
                        of(expected),
                        restore());
            }
        }
        List<Long> present = listing.keySet().stream()
                .filter(name -> LogNames.commit(name).isPresent())
                .map(name -> LogNames.commit(name).getAsLong())
                .sorted()
                .toList();
        for (int i = 1; i < present.size() && !told; i++) {
            if (present.get(i) != present.get(i - 1) + 1) {
                add(
                        Kind.COMMIT,
                        LogNames.commitName(present.get(i - 1) + 1),
                        "it is missing, and later ones are there",
                        "a commit for each version",
                        restore());
            }
        }
    }

    private static Duration interval(String text) {
        Matcher matcher = INTERVAL.matcher(text.toLowerCase(java.util.Locale.ROOT));
        if (!matcher.matches()) {
            return DEFAULT_RETENTION;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "week" -> Duration.ofDays(7 * amount);
            case "day" -> Duration.ofDays(amount);
            case "hour" -> Duration.ofHours(amount);
            case "minute" -> Duration.ofMinutes(amount);
            default -> Duration.ofSeconds(amount);
        };
    }

    private void add(Kind kind, String name, String found, String expected, String remedy) {
        findings.add(new Finding(kind, dataset.toString(), place(name), found, expected, remedy));
    }

    private void addRemovable(Kind kind, String name, String found, String expected) {
        Path file = files.log(name);
        findings.add(new Finding(
                kind,
                dataset.toString(),
                place(name),
                found,
                expected,
                remove(file) + ": Delta does without it, and the commits have all that it says",
                Optional.of(Repair.remove(file.toString()))));
    }

    private static String remove(Path file) {
        return "`lake doctor --deep --repair`, which removes " + file.toUri().getPath();
    }

    private String restore() {
        return "`lake backup restore --dataset " + dataset + "`; let nothing write to the table before";
    }

    private String place(String name) {
        return "tables/" + dataset.schema() + "/" + dataset.name() + "/_delta_log/" + name;
    }
}
