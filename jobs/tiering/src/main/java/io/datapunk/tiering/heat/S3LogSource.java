package io.datapunk.tiering.heat;

import io.datapunk.lake.config.AccessConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Sha256;
import io.datapunk.tiering.heat.AccessRollup.Touch;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * S3's server access logs: who read a partition's files without a recorder. S3 delivers them within hours, and some
 * never, so they only add to what is seen elsewhere. What one caller reads of one partition within one minute is one
 * access, however many objects and ranges it takes. A log is taken in once, by its key, size and ETag.
 */
public final class S3LogSource implements AccessSource {
    private final Path folder;
    private final S3Keys keys;
    private final Set<String> ownRequesters;
    private final List<String> ownAgents;

    /**
     * @param folder where the logs are delivered to, as {@code s3a://bucket/prefix}
     * @param ownRequesters whose requests are the lake's own
     * @param ownAgents what the user agents of sessions contain whose reads a recorder sees
     */
    S3LogSource(String folder, S3Keys keys, Set<String> ownRequesters, List<String> ownAgents) {
        this.folder = new Path(folder);
        this.keys = keys;
        this.ownRequesters = Set.copyOf(ownRequesters);
        this.ownAgents = List.copyOf(ownAgents);
    }

    /** The logs of a lake, empty where it does not lie in S3. */
    static Optional<AccessSource> of(String folder, String root, List<String> ownRequesters, List<String> ownAgents) {
        return S3Keys.of(root).map(keys -> new S3LogSource(folder, keys, Set.copyOf(ownRequesters), ownAgents));
    }

    @Override
    public String name() {
        return AccessConfig.S3;
    }

    @Override
    public void collect(Intake intake) throws IOException {
        FileSystem store = folder.getFileSystem(intake.spark().sparkContext().hadoopConfiguration());
        List<FileStatus> logs = newLogs(store, intake.taken(name()));
        try (Progress.Stage stage = intake.progress().begin("taking in access logs", logs.size(), "files")) {
            for (List<FileStatus> batch : InputBatches.of(logs, FileStatus::getLen)) {
                take(intake, store, batch);
                stage.advance(batch.size());
            }
        }
    }

    private List<FileStatus> newLogs(FileSystem store, Map<String, AccessRows.TakenInput> taken) throws IOException {
        List<FileStatus> logs = new ArrayList<>();
        RemoteIterator<LocatedFileStatus> files = list(store);
        while (files.hasNext()) {
            FileStatus file = files.next();
            AccessRows.TakenInput before = taken.get(input(file));
            if (before == null
                    || before.input().position() != file.getLen()
                    || !before.input().revision().equals(revision(file))) {
                logs.add(file);
            }
        }
        logs.sort(Comparator.comparing(file -> file.getPath().toString()));
        return logs;
    }

    private RemoteIterator<LocatedFileStatus> list(FileSystem store) throws IOException {
        try {
            return store.listFiles(folder, true);
        } catch (FileNotFoundException e) {
            throw LakeException.failed(
                    "the access logs at " + folder + " cannot be listed",
                    "there is no such folder",
                    "name the bucket and prefix that S3 delivers them to with lake.access.s3.logs, or leave it empty",
                    e);
        }
    }

    private void take(Intake intake, FileSystem store, List<FileStatus> logs) throws IOException {
        AccessBatch batch = intake.draft();
        Set<Touch> touched = new HashSet<>();
        List<AccessLine> lines = new ArrayList<>();
        List<AccessInput> inputs = new ArrayList<>();
        for (FileStatus log : logs) {
            int before = lines.size();
            read(intake, store, log, touched, lines);
            inputs.add(new AccessInput(name(), input(log), revision(log), log.getLen(), lines.size() - before));
        }
        batch.write(lines);
        batch.writeInputs(inputs);
        intake.fault().reached("heat.staged");
        intake.commit(batch.seal());
    }

    private void read(Intake intake, FileSystem store, FileStatus log, Set<Touch> touched, List<AccessLine> lines)
            throws IOException {
        long malformed = 0;
        String reason = "";
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(store.open(log.getPath()), StandardCharsets.UTF_8))) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                if (text.isBlank()) {
                    continue;
                }
                try {
                    access(S3LogLine.parse(text))
                            .filter(line -> touched.add(new Touch(line.queryId().orElseThrow(), line.partition())))
                            .ifPresent(lines::add);
                } catch (MalformedLineException e) {
                    malformed++;
                    reason = e.getMessage();
                }
            }
        }
        if (malformed > 0) {
            intake.counts()
                    .leaveOut(
                            malformed,
                            malformed + " lines of " + log.getPath() + " are of no access log; the last of them "
                                    + reason);
        }
    }

    /** The access that a request is, empty where it read no data of a partition or was the lake's own. */
    Optional<AccessLine> access(S3LogLine request) {
        if (!request.isRead()
                || ownRequesters.contains(request.requester())
                || ownAgents.stream().anyMatch(request.userAgent()::contains)) {
            return Optional.empty();
        }
        Optional<PartitionName> partition = keys.partition(request.bucket(), request.key());
        return partition.map(name -> new AccessLine(
                request.at(),
                name.toString(),
                "s3",
                1,
                Optional.of(request.requester()).filter(requester -> !requester.equals("-")),
                Optional.of(query(request))));
    }

    /** One caller in one minute. A hash, because addresses of people stand in no table of the lake. */
    private static String query(S3LogLine request) {
        String caller =
                request.at().truncatedTo(ChronoUnit.MINUTES) + " " + request.remoteIp() + " " + request.requester();
        byte[] hash = Sha256.digest().digest(caller.getBytes(StandardCharsets.UTF_8));
        return "s3-" + HexFormat.of().formatHex(hash, 0, 16);
    }

    private static String input(FileStatus log) {
        return log.getPath().toString();
    }

    private static String revision(FileStatus log) {
        String etag = log instanceof EtagSource tagged ? tagged.getEtag() : null;
        return etag == null ? "" : etag;
    }
}
