package io.datapunk.archive.backup.verify;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.repository.BackupAudit;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.repository.ObjectRecord;
import io.datapunk.archive.backup.repository.WholeFiles;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.BackupKeys;
import io.datapunk.lake.storage.StoreFolder;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/**
 * Reads backups and compares them with what was written: each location for itself, against its own manifests, against the
 * lake's keys, and against the audit log, which alone tells that something is missing as a whole or was set back.
 */
public final class VerifyBackupJob {
    private final LakeConfig config;
    private final Optional<LakeHome> home;

    /** @param home whose backups they are; empty where the lake does not exist any more */
    public VerifyBackupJob(LakeConfig config, Optional<LakeHome> home) {
        this.config = config;
        this.home = home;
    }

    /**
     * What is to be read.
     *
     * @param locations all of them
     * @param share of the objects' contents, above 0 and at most 1; that all are there, in their sizes, is looked at anyway
     */
    public record Request(List<String> locations, double share, Instant now) {}

    /**
     * What was read.
     *
     * @param points in order of their times
     * @param objects whose contents were read, over all locations
     * @param bytes of them as they are stored
     * @param problems one for each location that is out of reach
     */
    public record Report(
            List<PointName> points,
            long objects,
            long bytes,
            List<BackupDamage> damages,
            List<LakeException> problems) {}

    /** @throws LakeException where all locations are out of reach */
    public Report run(Request request, Progress progress) {
        Set<PointName> points = new TreeSet<>();
        List<BackupDamage> damages = new ArrayList<>();
        List<String> read = new ArrayList<>();
        List<LakeException> problems = new ArrayList<>();
        long objects = 0;
        long bytes = 0;
        home.ifPresent(lake -> new KeyAudit(config, lake, Backups.JOB, request.now())
                .using(
                        "all restore points",
                        "verify",
                        "locations",
                        request.locations().size()));
        try (Workers workers = new Workers(config.backup().jobs())) {
            for (String name : request.locations()) {
                try {
                    StoreFolder location = StoreFolder.open(name, Stores.configuration(config));
                    OneLocation.Verified one = new OneLocation(location, workers).verify(request, progress);
                    points.addAll(one.points());
                    objects += one.objects();
                    bytes += one.bytes();
                    damages.addAll(one.damages());
                    read.add(name);
                } catch (IOException e) {
                    // What is damaged in the others is told nevertheless.
                    problems.add(Backups.outOfReach(name, e));
                }
            }
        }
        if (read.isEmpty()) {
            throw problems.get(0);
        }
        return new Report(List.copyOf(points), objects, bytes, withWhole(damages, read, request), problems);
    }

    private List<BackupDamage> withWhole(List<BackupDamage> damages, List<String> locations, Request request) {
        if (damages.isEmpty() || locations.size() == 1) {
            return damages;
        }
        try {
            WholeFiles files = new WholeFiles(
                    new Backups(config).forReading(locations, home),
                    home.map(lake -> new BackupAudit(config, lake, request.now()).expected()));
            return damages.stream()
                    .map(damage -> new BackupDamage(
                            damage.location(),
                            damage.file(),
                            damage.what(),
                            files.find(damage.file())
                                    .map(StoreFolder::name)
                                    .filter(other -> !other.equals(damage.location()))))
                    .toList();
        } catch (IOException | LakeException toldAbove) {
            return damages;
        }
    }

    /** Damages of one location. */
    private final class OneLocation {
        private final StoreFolder location;
        private final Workers workers;
        private final List<BackupDamage> damages = new ArrayList<>();
        private final Set<String> missingHomeKeys = new TreeSet<>();

        OneLocation(StoreFolder location, Workers workers) {
            this.location = location;
            this.workers = workers;
        }

        /** What was read of it. */
        private record Verified(List<PointName> points, long objects, long bytes, List<BackupDamage> damages) {}

        private void damaged(String file, String what) {
            damages.add(new BackupDamage(location.name(), file, what, Optional.empty()));
        }

        Verified verify(Request request, Progress progress) throws IOException {
            compareKeys();
            BackupRepository repository;
            try {
                repository = new Backups(config).forReading(List.of(location.name()));
            } catch (IOException e) {
                damaged(fileOf(e), e.getMessage());
                missingHomeKeys.forEach(file -> damaged(BackupKeys.FOLDER + "/" + file, "the file is missing"));
                return new Verified(List.of(), 0, 0, damages);
            } catch (LakeException e) {
                damaged(BackupKeys.FOLDER, e.problem() + ": " + e.reason());
                missingHomeKeys.forEach(file -> damaged(BackupKeys.FOLDER + "/" + file, "the file is missing"));
                return new Verified(List.of(), 0, 0, damages);
            }
            for (String file : BackupRepository.sealedFiles(location)) {
                try {
                    repository.requireOpens(location, file);
                } catch (IOException e) {
                    damaged(file, e.getMessage());
                }
            }
            Set<String> needed = new TreeSet<>();
            Set<String> keyFiles = new TreeSet<>(location.list("keys/objects"));
            Set<String> missingKeys = new TreeSet<>();
            for (PointName name : repository.points()) {
                try {
                    RestorePoint point = repository.read(name);
                    if (!point.name().equals(name.text())) {
                        damaged("points/" + name, "it is another restore point: " + point.name());
                    }
                    point.homeKeys().stream()
                            .filter(missingHomeKeys::remove)
                            .forEach(file -> damaged(BackupKeys.FOLDER + "/" + file, "the file is missing"));
                    point.objects().forEach(id -> repository.resolve(id).ifPresent(needed::add));
                    point.keyBatches().stream()
                            .filter(batch -> point.objects().stream().anyMatch(id -> isMissing(repository, id)))
                            .filter(batch -> !keyFiles.contains(batch))
                            .forEach(batch -> missingKeys.add("keys/objects/" + batch));
                } catch (IOException toldAbove) {
                    continue;
                }
            }
            missingKeys.forEach(file -> damaged(file, "the file is missing"));
            compareAudit(repository, request);
            return objects(repository, needed, request, progress);
        }

        private static boolean isMissing(BackupRepository repository, String id) {
            return repository
                    .resolve(id)
                    .filter(found -> repository.find(found).isEmpty())
                    .isPresent();
        }

        private Verified objects(BackupRepository repository, Set<String> needed, Request request, Progress progress)
                throws IOException {
            SortedMap<String, Long> present = location.tree("objects");
            RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
            List<Callable<Long>> readings = new ArrayList<>();
            Map<String, String> found = new TreeMap<>();
            try (Progress.Stage stage = progress.begin("verifying " + location, needed.size(), "objects")) {
                for (String id : needed) {
                    String path = ObjectRecord.path(id);
                    Optional<ObjectRecord> object = repository.find(id);
                    Long bytes = present.get(path.substring("objects/".length()));
                    if (object.isEmpty()) {
                        found.put(path, "its key is missing");
                    } else if (bytes == null) {
                        found.put(path, "the file is missing");
                    } else if (bytes != object.get().storedBytes()) {
                        found.put(
                                path,
                                "it has " + bytes + " bytes instead of "
                                        + object.get().storedBytes());
                    } else if (request.share() >= 1 || random.nextDouble() < request.share()) {
                        readings.add(() -> read(repository, id, found, stage));
                        continue;
                    }
                    stage.advance(1);
                }
                long bytes = workers.all(readings).stream()
                        .mapToLong(Long::longValue)
                        .sum();
                found.forEach(this::damaged);
                return new Verified(repository.points(), readings.size(), bytes, damages);
            }
        }

        private long read(BackupRepository repository, String id, Map<String, String> found, Progress.Stage stage) {
            String path = ObjectRecord.path(id);
            ObjectRecord object = repository.find(id).orElseThrow();
            try {
                if (!location.sha256(path).equals(object.sha256())) {
                    throw new IOException("its bytes are not what was written");
                }
                try (InputStream in = repository.open(location, id)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            } catch (IOException e) {
                synchronized (found) {
                    found.put(path, String.valueOf(e.getMessage()));
                }
            }
            stage.advance(1);
            return object.storedBytes();
        }

        /** The mirror of the lake's keys; without the lake only what opens nothing is seen. */
        private void compareKeys() throws IOException {
            if (home.isEmpty()) {
                return;
            }
            StoreFolder ours = StoreFolder.of(home.get().keysPath(), Stores.configuration(config));
            SortedMap<String, Long> keys = ours.tree("");
            SortedMap<String, Long> mirrored = location.tree(BackupKeys.FOLDER);
            for (String file : keys.keySet()) {
                String path = BackupKeys.FOLDER + "/" + file;
                if (!mirrored.containsKey(file)) {
                    // Of a newer key the next backup makes a copy.
                    missingHomeKeys.add(file);
                } else if (!Arrays.equals(ours.read(file), location.read(path))) {
                    damaged(path, "it is not what the lake has in keys/" + file);
                }
            }
            mirrored.keySet().stream()
                    .filter(file -> !keys.containsKey(file))
                    .forEach(file -> damaged(
                            BackupKeys.FOLDER + "/" + file,
                            "the lake has no such key: there it was wrapped anew, destroyed or lost"));
        }

        private void compareAudit(BackupRepository repository, Request request) throws IOException {
            if (home.isEmpty()) {
                return;
            }
            BackupAudit.Expected expected = new BackupAudit(config, home.get(), request.now()).expected();
            Set<String> present = new TreeSet<>(location.list("points"));
            expected.points().forEach((point, sha256) -> {
                if (!present.contains(point)) {
                    damaged("points/" + point, "the file is missing, and with it the restore point");
                }
            });
            for (PointName point : repository.points()) {
                String recorded = expected.points().get(point.text());
                if (recorded == null) {
                    damaged(
                            "points/" + point,
                            "the audit log names no such restore point, or one that was removed; where a run was killed the"
                                    + " next `lake backup create` settles it");
                } else if (!recorded.equals(location.sha256("points/" + point))) {
                    damaged("points/" + point, "the audit log names another one of this name");
                }
            }
            Map<String, Integer> generations = repository.generations();
            expected.generations().forEach((batch, generation) -> {
                int found = generations.getOrDefault(batch, 0);
                if (found < generation || generation == 0 && found > 0) {
                    damaged(
                            "keys/objects/" + batch,
                            "it was set back: it is of generation " + found + ", and the audit log names "
                                    + generation);
                }
            });
        }

        private static String fileOf(IOException e) {
            String message = String.valueOf(e.getMessage());
            int end = message.indexOf(' ');
            return end < 0 ? "keys" : message.substring(0, end);
        }
    }
}
