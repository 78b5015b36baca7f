package io.datapunk.archive.backup.repository;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.point.StoredFile;
import io.datapunk.archive.backup.point.StoredPostgres;
import io.datapunk.archive.backup.point.StoredTable;
import io.datapunk.archive.segment.SegmentReader;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.storage.BackupKeys;
import io.datapunk.lake.storage.StoreFolder;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Backups in one or several locations, each of which has all of it:
 *
 * <pre>
 * objects/&lt;2 hex&gt;/&lt;id&gt;   immutable, compressed and encrypted, each by a key of its own
 * points/&lt;name&gt;           a restore point, written last: what it names is there, and was read back
 * keys/id-key              from which objects' ids follow
 * keys/objects/&lt;batch&gt;    the objects' keys; written anew where one of them is destroyed
 * keys/home/…              the lake's own wrapped keys, which follow it
 * replacements/&lt;id&gt;       what all points have in the place of an object that was erased
 * </pre>
 *
 * Points, batches and replacements are {@linkplain SealedFile sealed}. A location that fails is left alone from then on, and
 * the others go on; the next run makes up what it lacks.
 */
public final class BackupRepository {
    static final String OBJECTS = "objects";
    static final String POINTS = "points";
    static final String KEYS = "keys/objects";
    static final String REPLACEMENTS = "replacements";
    static final String ID_KEY = "keys/id-key";

    private static final int ID_KEY_BYTES = 32;

    private final List<StoreFolder> locations;
    private final SegmentKeys keys;
    private final List<LakeException> problems = new CopyOnWriteArrayList<>();
    private final Map<String, KeyBatch> batches = new TreeMap<>();
    private final Map<String, ObjectRecord> records = new ConcurrentHashMap<>();
    private final Map<String, Replacement> replacements = new TreeMap<>();
    private SecretKeySpec idKey;

    private BackupRepository(Collection<StoreFolder> locations, SegmentKeys keys) {
        this.locations = new CopyOnWriteArrayList<>(locations);
        this.keys = keys;
    }

    /**
     * Opens one to write to. What a location lacks of keys and replacements, because it was out of reach, it gets.
     *
     * @throws LakeException where the locations hold another lake's backups
     * @throws IOException where none of them can be written, or what they hold is damaged
     */
    static BackupRepository forWriting(Collection<StoreFolder> locations, SegmentKeys keys) throws IOException {
        BackupRepository repository = new BackupRepository(locations, keys);
        repository.ensureIdKey();
        repository.mirror(REPLACEMENTS);
        repository.load();
        repository.settleBatches();
        return repository;
    }

    /** @throws IOException where it cannot be read, or what it holds is damaged */
    static BackupRepository forReading(Collection<StoreFolder> locations, SegmentKeys keys) throws IOException {
        BackupRepository repository = new BackupRepository(locations, keys);
        repository.idKey = new SecretKeySpec(repository.readAny(ID_KEY), "HmacSHA256");
        repository.load();
        return repository;
    }

    /** The locations that have not failed. */
    public List<StoreFolder> locations() {
        return List.copyOf(locations);
    }

    /** One for each location that has failed, and for each file of keys that is damaged in all of them. */
    public List<LakeException> problems() {
        return List.copyOf(problems);
    }

    /** An object's id. */
    public String id(byte[] sha256OfContent) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(idKey);
            return HexFormat.of().formatHex(mac.doFinal(sha256OfContent));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    public Optional<ObjectRecord> find(String id) {
        return Optional.ofNullable(records.get(id));
    }

    /** The objects whose keys are there. */
    public Set<String> known() {
        return new TreeSet<>(records.keySet());
    }

    /** The files of keys in which these objects' keys stand. */
    public List<String> batchesOf(Set<String> ids) {
        return batches.entrySet().stream()
                .filter(batch -> batch.getValue().objects().stream().anyMatch(object -> ids.contains(object.id())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What objects were replaced by, by their ids. */
    public Map<String, Replacement> replacements() {
        return Map.copyOf(replacements);
    }

    /** Whether an erasure took a table out of the points that have it so. */
    public boolean isErased(StoredTable table) {
        return isErased(table.log());
    }

    /** Whether an erasure took a copy of PostgreSQL out of the points that have it. */
    public boolean isErased(StoredPostgres copy) {
        return isErased(copy.files());
    }

    private boolean isErased(List<StoredFile> files) {
        return files.stream().flatMap(file -> file.pieces().stream()).anyMatch(piece -> resolve(piece.object())
                .isEmpty());
    }

    /** Follows replacements to what is there now; empty where nothing is left. */
    public Optional<String> resolve(String id) {
        String current = id;
        for (Replacement next = replacements.get(current); next != null; next = replacements.get(current)) {
            if (next.isNothing()) {
                return Optional.empty();
            }
            current = next.object();
        }
        return Optional.of(current);
    }

    /** The last of an object's replacements; empty where it was not replaced. */
    public Optional<Replacement> replacement(String id) {
        Replacement last = replacements.get(id);
        while (last != null && replacements.containsKey(last.object())) {
            last = replacements.get(last.object());
        }
        return Optional.ofNullable(last);
    }

    /** The restore points, in order of their times. */
    public List<PointName> points() throws IOException {
        Set<PointName> found = new TreeSet<>();
        for (StoreFolder location : locations) {
            found.addAll(points(location));
        }
        return List.copyOf(found);
    }

    /** The restore points of a location, in order of their times. */
    static List<PointName> points(StoreFolder location) throws IOException {
        return location.list(POINTS).stream()
                .filter(PointName::isName)
                .map(PointName::new)
                .sorted()
                .toList();
    }

    /** @throws IOException where no location has it whole */
    public RestorePoint read(PointName name) throws IOException {
        return RestorePoint.parse(readAny(POINTS + "/" + name));
    }

    /** Writes a restore point; from then on it counts. What it names has to be there. */
    public String write(RestorePoint point) throws IOException {
        byte[] sealed = SealedFile.seal(path(point.pointName()), point.toBytes(), keys);
        writeToAll(path(point.pointName()), sealed);
        return Sha256.hex(sealed);
    }

    static String path(PointName name) {
        return POINTS + "/" + name;
    }

    /** An object's content, decrypted; the stream fails at its end where it is not what its id says. */
    public InputStream open(StoreFolder location, String id) throws IOException {
        ObjectRecord object = find(id).orElseThrow(
                        () -> new IOException("the key of " + ObjectRecord.path(id) + " is missing or destroyed"));
        InputStream sealed = location.open(ObjectRecord.path(id));
        try {
            return new CheckedContent(SegmentReader.open(sealed, id, key(object)), content -> id(content)
                    .equals(id));
        } catch (IOException | RuntimeException e) {
            sealed.close();
            throw e;
        }
    }

    private byte[] key(ObjectRecord object) throws IOException {
        try {
            return keys.open(KeyOwner.BACKUP, object.ownerKey(), object.wrapped(), object.id());
        } catch (LakeException e) {
            throw new IOException(e.problem() + ": " + e.reason(), e);
        }
    }

    SegmentKeys.New newKey(String id) {
        return keys.make(KeyOwner.BACKUP, id);
    }

    /** Writes the keys of objects that are in the locations. */
    void addKeys(String batch, List<ObjectRecord> objects) throws IOException {
        put(batch, new KeyBatch(1, objects));
    }

    private synchronized void put(String name, KeyBatch batch) throws IOException {
        if (batch.objects().isEmpty()) {
            batches.remove(name);
            toAll(location -> location.delete(KEYS + "/" + name));
            return;
        }
        writeToAll(KEYS + "/" + name, SealedFile.seal(KEYS + "/" + name, batch.toBytes(), keys));
        batches.put(name, batch);
        batch.objects().forEach(object -> records.put(object.id(), object));
    }

    /** Has all restore points take another object in the place of one. */
    void replace(String id, Replacement replacement) throws IOException {
        String path = REPLACEMENTS + "/" + id;
        writeToAll(path, SealedFile.seal(path, replacement.toBytes(), keys));
        replacements.put(id, replacement);
    }

    /** Destroys the keys of objects in all locations, then removes the objects. */
    public synchronized void destroy(Set<String> ids) throws IOException {
        for (String name : batchesOf(ids)) {
            KeyBatch batch = batches.get(name);
            put(
                    name,
                    new KeyBatch(
                            batch.generation() + 1,
                            batch.objects().stream()
                                    .filter(object -> !ids.contains(object.id()))
                                    .toList()));
        }
        records.keySet().removeAll(ids);
        for (String id : ids) {
            toAll(location -> location.delete(ObjectRecord.path(id)));
        }
    }

    /** Removes a restore point; what only it needs stays for {@link #destroy}. */
    public void remove(PointName name) throws IOException {
        toAll(location -> location.delete(path(name)));
    }

    /** SHA-256 of a restore point as it lies in the first location that has it. */
    public String sha256(PointName name) throws IOException {
        for (StoreFolder location : locations) {
            if (location.exists(path(name))) {
                return location.sha256(path(name));
            }
        }
        throw new IOException(path(name) + " is in none of " + locations);
    }

    /** The objects whose keys stand in a file of keys. */
    public List<String> objectsOf(String batch) {
        return batches.get(batch).objects().stream().map(ObjectRecord::id).toList();
    }

    /** What the audit log keeps of the files of keys, so that one that is set back is seen: their generations. */
    public Map<String, Integer> generations() {
        Map<String, Integer> generations = new TreeMap<>();
        batches.forEach((name, batch) -> generations.put(name, batch.generation()));
        return generations;
    }

    private void load() throws IOException {
        for (String name : names(KEYS)) {
            try {
                KeyBatch batch = newest(name);
                batches.put(name, batch);
                // Later ones win: an object that was damaged everywhere was stored anew.
                batch.objects().forEach(object -> records.put(object.id(), object));
            } catch (IOException e) {
                problems.add(damaged(e));
            }
        }
        for (String id : names(REPLACEMENTS)) {
            try {
                replacements.put(id, Replacement.parse(readAny(REPLACEMENTS + "/" + id)));
            } catch (IOException e) {
                problems.add(damaged(e));
            }
        }
    }

    /** The others can be used: what the lake still has of those whose keys are lost is stored anew. */
    private static LakeException damaged(IOException e) {
        return LakeException.gate(
                "a file of the backups is damaged", e.getMessage(), "run `lake backup verify` for all of them");
    }

    private Set<String> names(String folder) throws IOException {
        Set<String> names = new TreeSet<>();
        for (StoreFolder location : locations) {
            names.addAll(location.list(folder));
        }
        return names;
    }

    private KeyBatch newest(String name) throws IOException {
        String path = KEYS + "/" + name;
        KeyBatch newest = null;
        IOException damaged = null;
        for (StoreFolder location : locations) {
            try {
                if (location.exists(path)) {
                    KeyBatch found = KeyBatch.parse(SealedFile.open(path, location.read(path), keys));
                    newest = newest == null || found.generation() > newest.generation() ? found : newest;
                }
            } catch (IOException e) {
                damaged = damaged(location, path, e);
            }
        }
        if (newest == null) {
            throw damaged;
        }
        return newest;
    }

    /** A location that was out of reach while keys were destroyed still has them, and gives them up here. */
    private void settleBatches() throws IOException {
        for (Map.Entry<String, KeyBatch> batch : batches.entrySet()) {
            String path = KEYS + "/" + batch.getKey();
            toAll(location -> {
                if (!isAt(location, path, batch.getValue().generation())) {
                    location.write(path, SealedFile.seal(path, batch.getValue().toBytes(), keys));
                }
            });
        }
    }

    private boolean isAt(StoreFolder location, String path, int generation) throws IOException {
        if (!location.exists(path)) {
            return false;
        }
        try {
            return KeyBatch.parse(SealedFile.open(path, location.read(path), keys))
                            .generation()
                    == generation;
        } catch (IOException damaged) {
            return false;
        }
    }

    /** Whether a location has a file of keys in its newest generation. */
    boolean isNewest(StoreFolder location, String batch) throws IOException {
        return batches.containsKey(batch)
                && isAt(location, KEYS + "/" + batch, batches.get(batch).generation());
    }

    private void ensureIdKey() throws IOException {
        if (locations.stream().allMatch(location -> isMissing(location, ID_KEY))) {
            byte[] made = new byte[ID_KEY_BYTES];
            new SecureRandom().nextBytes(made);
            writeToAll(ID_KEY, SealedFile.seal(ID_KEY, made, keys));
        }
        mirror("keys", "id-key");
        byte[] first = null;
        for (StoreFolder location : locations) {
            byte[] found = open(location, ID_KEY, location.read(ID_KEY));
            if (first != null && !MessageDigest.isEqual(first, found)) {
                throw LakeException.failed(
                        "the locations of the backups do not belong together",
                        location + " holds other backups than " + locations.get(0),
                        "name one of them only in lake.backup.locations, or an empty one");
            }
            first = found;
        }
        idKey = new SecretKeySpec(first, "HmacSHA256");
    }

    private static boolean isMissing(StoreFolder location, String path) {
        try {
            return !location.exists(path);
        } catch (IOException outOfReach) {
            return false;
        }
    }

    private void mirror(String folder) throws IOException {
        for (String name : names(folder)) {
            mirror(folder, name);
        }
    }

    private void mirror(String folder, String name) throws IOException {
        String path = folder + "/" + name;
        Optional<StoreFolder> source = locations.stream()
                .filter(location -> !isMissing(location, path))
                .findFirst();
        if (source.isPresent()) {
            byte[] content = source.get().read(path);
            toAll(location -> {
                if (!location.exists(path)) {
                    location.write(path, content);
                }
            });
        }
    }

    private byte[] readAny(String path) throws IOException {
        IOException problem = new IOException(path + " is in none of " + locations);
        for (StoreFolder location : locations) {
            try {
                if (location.exists(path)) {
                    return open(location, path, location.read(path));
                }
            } catch (IOException e) {
                problem = e;
            }
        }
        throw problem;
    }

    private byte[] open(StoreFolder location, String path, byte[] sealed) throws IOException {
        try {
            return SealedFile.open(path, sealed, keys);
        } catch (IOException e) {
            throw damaged(location, path, e);
        }
    }

    private static IOException damaged(StoreFolder location, String path, IOException cause) {
        return new IOException(path + " in " + location + ": " + cause.getMessage(), cause);
    }

    private void writeToAll(String path, byte[] content) throws IOException {
        toAll(location -> {
            location.write(path, content);
            if (!Arrays.equals(content, location.read(path))) {
                throw new IOException(path + " does not hold what was written to it");
            }
        });
    }

    /** What is done in each location. */
    @FunctionalInterface
    interface Action {
        void in(StoreFolder location) throws IOException;
    }

    /** @throws IOException where the last location fails */
    void toAll(Action action) throws IOException {
        for (StoreFolder location : locations) {
            try {
                action.in(location);
            } catch (IOException e) {
                fail(location, e);
            }
        }
    }

    private synchronized void fail(StoreFolder location, IOException e) throws IOException {
        if (!locations.contains(location)) {
            return;
        }
        if (locations.size() == 1) {
            throw e;
        }
        locations.remove(location);
        problems.add(Backups.outOfReach(location.name(), e));
    }

    /** Reads a sealed file of one location. */
    public void requireOpens(StoreFolder location, String path) throws IOException {
        open(location, path, location.read(path));
    }

    /** The lake's own keys beside the backups, relative to their folder. */
    public List<String> homeKeys() throws IOException {
        return List.copyOf(locations.get(0).tree(BackupKeys.FOLDER).keySet());
    }

    /** All sealed files of a location, those of keys first. */
    public static List<String> sealedFiles(StoreFolder location) throws IOException {
        List<String> paths = new ArrayList<>();
        if (location.exists(ID_KEY)) {
            paths.add(ID_KEY);
        }
        for (String folder : List.of(KEYS, REPLACEMENTS, POINTS)) {
            location.list(folder).forEach(name -> paths.add(folder + "/" + name));
        }
        return paths;
    }
}
