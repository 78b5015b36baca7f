package io.datapunk.lake.audit;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.container.BoundedStream;
import io.datapunk.lake.storage.CopyLocation;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A place outside the lake that keeps what the log once was. Nothing is written over there:
 *
 * <ul>
 *   <li>{@code audit/checkpoints/<entries, 19 digits>}: each signed head;
 *   <li>{@code audit/log/<first byte, 19 digits>}: the log, in pieces; one after another, in the order of their names,
 *       they are {@code log.ndjson};
 *   <li>{@code audit/verifier}: whose signatures these are.
 * </ul>
 *
 * <p>Each with its {@code .sha256}, as {@link CopyLocation} writes it; a file without one was not finished and does not
 * count.
 */
final class AuditLocation implements AutoCloseable {
    private static final String FOLDER = "audit";
    private static final String CHECKPOINTS = FOLDER + "/checkpoints";
    static final String LOG = FOLDER + "/log";
    private static final String VERIFIER = "verifier";

    private final CopyLocation place;

    private AuditLocation(CopyLocation place) {
        this.place = place;
    }

    /** @throws IOException where it is out of reach */
    static AuditLocation open(String location, LakeConfig config) throws IOException {
        return new AuditLocation(CopyLocation.open(location, config));
    }

    String name() {
        return place.name();
    }

    /** A signed head as it lies here. */
    record Anchor(String file, byte[] note) {
        boolean isNamed(long size) {
            return file.equals(CHECKPOINTS + "/" + number(size));
        }
    }

    /** Oldest first. */
    List<Anchor> anchors() throws IOException {
        List<Anchor> anchors = new ArrayList<>();
        for (String file : place.verified(CHECKPOINTS).keySet()) {
            anchors.add(read(file));
        }
        return anchors;
    }

    /** By names and sizes alone. */
    AuditReport.Location state() throws IOException {
        SortedMap<String, Long> files = place.verified(CHECKPOINTS);
        long newest = files.isEmpty() || !files.lastKey().matches("\\d{19}") ? 0 : Long.parseLong(files.lastKey());
        return new AuditReport.Location(name(), files.size(), newest, copied());
    }

    Optional<Anchor> newest() throws IOException {
        List<String> files = List.copyOf(place.verified(CHECKPOINTS).keySet());
        return files.isEmpty() ? Optional.empty() : Optional.of(read(files.get(files.size() - 1)));
    }

    private Anchor read(String file) throws IOException {
        try (InputStream in = place.read(CHECKPOINTS, file)) {
            return new Anchor(CHECKPOINTS + "/" + file, in.readAllBytes());
        }
    }

    /** The text of the verifier; empty where there is none. */
    Optional<String> verifier() throws IOException {
        if (!place.verified(FOLDER).containsKey(VERIFIER)) {
            return Optional.empty();
        }
        try (InputStream in = place.read(FOLDER, VERIFIER)) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Copies what is not here yet of the log's first {@code end} bytes, then its signed head. */
    void anchor(NoteVerifier verifier, Path log, long end, long size, byte[] note) throws IOException {
        if (verifier().isEmpty()) {
            place.write(FOLDER, VERIFIER, new ByteArrayInputStream((verifier + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        long begin = copied();
        if (begin < end) {
            try (InputStream piece = Files.newInputStream(log)) {
                piece.skipNBytes(begin);
                place.write(LOG, number(begin), new BoundedStream(piece, end - begin));
            }
        }
        if (!place.verified(CHECKPOINTS).containsKey(number(size))) {
            place.write(CHECKPOINTS, number(size), new ByteArrayInputStream(note));
        }
    }

    /** Copies the log as it is here to a file, which is on the disk then. */
    void fetchLog(Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            for (String piece : pieces(place.verified(LOG))) {
                try (InputStream in = place.read(LOG, piece)) {
                    in.transferTo(out);
                }
            }
            channel.force(true);
        }
    }

    /** Bytes of the log that are here without a gap. */
    long copied() throws IOException {
        SortedMap<String, Long> files = place.verified(LOG);
        return pieces(files).stream().mapToLong(files::get).sum();
    }

    /** Those that follow one another without a gap. */
    private static List<String> pieces(SortedMap<String, Long> files) {
        List<String> pieces = new ArrayList<>();
        long end = 0;
        for (Map.Entry<String, Long> piece : files.entrySet()) {
            if (!piece.getKey().equals(number(end))) {
                break;
            }
            pieces.add(piece.getKey());
            end += piece.getValue();
        }
        return pieces;
    }

    /**
     * Where a copy and the log differ first.
     *
     * @param offset in the log
     * @param piece that differs
     * @param whole whether the piece is what was once written here, so that it is the log that has changed
     */
    record Difference(long offset, String piece, long offsetInPiece, boolean whole) {}

    /** Compares the log with its copy here, as far as that goes. */
    Optional<Difference> compare(Path log) throws IOException {
        long offset = 0;
        try (InputStream local = Files.exists(log)
                ? new BufferedInputStream(Files.newInputStream(log))
                : InputStream.nullInputStream()) {
            SortedMap<String, Long> files = place.verified(LOG);
            for (String piece : pieces(files)) {
                try (InputStream copy = new BufferedInputStream(place.read(LOG, piece))) {
                    long inPiece = 0;
                    for (int next = copy.read(); next >= 0; next = copy.read()) {
                        if (next != local.read()) {
                            return Optional.of(new Difference(
                                    offset + inPiece, LOG + "/" + piece, inPiece, place.isWhole(LOG, piece)));
                        }
                        inPiece++;
                    }
                }
                offset += files.get(piece);
            }
        }
        return Optional.empty();
    }

    private static String number(long value) {
        return String.format("%019d", value);
    }

    @Override
    public void close() throws IOException {
        place.close();
    }
}
