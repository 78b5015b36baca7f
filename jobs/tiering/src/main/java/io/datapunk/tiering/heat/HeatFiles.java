package io.datapunk.tiering.heat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datapunk.lake.model.LakeException;
import io.datapunk.tiering.policy.Observation;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What plan and status read instead of a table, so that neither starts Spark: a folder beside the spool with one
 * {@link HeatSegment} for each batch that was taken in, and a manifest that names those which count. So a take-in writes
 * what is new; now and then all are made into one. Derived from {@code lake.access_hours}, and made anew from there
 * whenever the manifest is not of the table's version.
 */
final class HeatFiles {
    private static final int FORMAT = 2;
    private static final int MOST_SEGMENTS = 32;

    /** Read in no time, however it is scattered. */
    private static final long CHEAP = 1 << 20;

    private static final String MANIFEST = "manifest.json";
    private static final String ENDING = ".heat";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path folder;

    /** @param spool the folder that they lie beside */
    HeatFiles(Path spool) {
        this.folder = spool.resolveSibling("heat");
    }

    /**
     * @param accessHoursVersion the version of {@code lake.access_hours} that the segments add up to
     * @param oldest the first hour of the window, since the epoch; earlier ones in the segments have left it
     * @param segments names of files, in the order in which they were written
     */
    record Manifest(long accessHoursVersion, Observation observation, long oldest, List<String> segments) {
        Manifest {
            segments = List.copyOf(segments);
        }

        /** The same with one segment in the place of all. */
        Manifest with(String segment) {
            return new Manifest(accessHoursVersion, observation, oldest, List.of(segment));
        }
    }

    /**
     * The manifest, empty where nothing was ever taken in.
     *
     * @throws LakeException (failed) where it is damaged
     */
    Optional<Manifest> manifest() {
        try {
            JsonNode json = MAPPER.readTree(Files.readString(folder.resolve(MANIFEST)));
            if (json.path("format").asInt() != FORMAT) {
                throw new IOException("format " + json.path("format") + " instead of " + FORMAT);
            }
            List<String> segments = new ArrayList<>();
            json.get("segments").forEach(name -> segments.add(name.asText()));
            return Optional.of(new Manifest(
                    json.get("access_hours_version").asLong(),
                    new Observation(
                            Instant.parse(json.get("since").asText()),
                            Instant.parse(json.get("through").asText())),
                    json.get("oldest_hour").asLong(),
                    segments));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
    }

    /** Makes the manifest say this, then removes the segments that it does not name. */
    void publish(Manifest manifest) throws IOException {
        ObjectNode json = MAPPER.createObjectNode()
                .put("format", FORMAT)
                .put("access_hours_version", manifest.accessHoursVersion())
                .put("since", manifest.observation().since().toString())
                .put("through", manifest.observation().through().toString())
                .put("oldest_hour", manifest.oldest());
        ArrayNode segments = json.putArray("segments");
        manifest.segments().forEach(segments::add);
        Files.createDirectories(folder);
        Path underWay = folder.resolve(MANIFEST + ".new");
        Files.writeString(underWay, json.toString());
        Files.move(
                underWay,
                folder.resolve(MANIFEST),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.equals(MANIFEST) && !manifest.segments().contains(name)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /**
     * Writes a segment, over one of the same name; it counts once a manifest names it.
     *
     * @param chunks as {@link HeatSegment.Chunk#take} makes them
     * @return its name
     */
    String write(String name, Iterator<byte[]> chunks) throws IOException {
        Files.createDirectories(folder);
        Path underWay = folder.resolve(name + ".new");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(underWay))) {
            while (chunks.hasNext()) {
                out.write(chunks.next());
            }
        }
        Files.move(
                underWay,
                folder.resolve(name + ENDING),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        return name + ENDING;
    }

    /**
     * All segments of a manifest added up, by partition.
     *
     * @throws LakeException (failed) where one is missing or damaged
     */
    Map<String, byte[]> read(Manifest manifest) {
        long oldest = manifest.oldest();
        Map<String, byte[]> accesses = new HashMap<>();
        byte[] nothing = {};
        try {
            for (String segment : manifest.segments()) {
                HeatSegment.read(
                        folder.resolve(segment),
                        (partition, packed) -> accesses.merge(
                                partition,
                                PackedAccesses.merge(packed, nothing, oldest),
                                (one, other) -> PackedAccesses.merge(one, other, oldest)));
            }
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
        accesses.values().removeIf(packed -> packed.length == 0);
        return accesses;
    }

    /** Whether reading the segments costs more by now than making one of them. */
    boolean areScattered(List<String> segments) throws IOException {
        if (segments.size() < 2) {
            return false;
        }
        long rest = 0;
        for (String segment : segments.subList(1, segments.size())) {
            rest += Files.size(folder.resolve(segment));
        }
        return segments.size() > MOST_SEGMENTS || rest > Math.max(CHEAP, Files.size(folder.resolve(segments.get(0))));
    }

    /** Entries as the chunks of a segment. */
    static Iterator<byte[]> chunks(Map<String, byte[]> accesses) {
        Iterator<Map.Entry<String, byte[]>> entries = accesses.entrySet().iterator();
        HeatSegment.Chunk chunk = new HeatSegment.Chunk();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public byte[] next() {
                while (entries.hasNext() && !chunk.isFull()) {
                    var entry = entries.next();
                    chunk.add(entry.getKey(), entry.getValue());
                }
                return chunk.take();
            }
        };
    }

    private LakeException damaged(Exception cause) {
        return LakeException.failed(
                "the heat summary in " + folder + " cannot be read",
                cause.getClass().getSimpleName() + ": " + cause.getMessage(),
                "delete the folder and run `lake heat`, which derives it anew",
                cause);
    }
}
