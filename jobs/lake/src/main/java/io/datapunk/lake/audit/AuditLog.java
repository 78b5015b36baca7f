package io.datapunk.lake.audit;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.ProcessLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The append-only, hash-chained log of everything that deletes or erases. An entry is on the disk when {@link #append}
 * returns; only then may the act begin.
 *
 * <h2>Format, version 1</h2>
 *
 * <p>{@code log.ndjson} holds one entry a line. A line is ASCII (other characters as {@code \\uXXXX}), ends with a line
 * feed (0x0A), and is a JSON object without white space between its tokens, its members in this order:
 *
 * <pre>{@code
 * {"sequence":N,"previous":"H","at":"T","actor":"…","action":"…","subject":"…","details":{…},"hash":"H"}
 * }</pre>
 *
 * <ul>
 *   <li>{@code sequence}: 0 for the first entry, then one more each;
 *   <li>{@code previous}: {@code hash} of the entry before, 64 zeros in the first;
 *   <li>{@code at}: ISO-8601, UTC; {@code actor}, {@code action}, {@code subject}: texts, see {@link AuditEvent};
 *   <li>{@code details}: an object of texts, its keys in the order of their UTF-16 code units;
 *   <li>{@code hash}: 64 lower-case hex digits, SHA-256 over the byte 0x00 and the <em>payload</em>: the line without
 *       the member {@code hash} and its comma, without the line feed. Readers hash the bytes that they find and never
 *       write the JSON anew.
 * </ul>
 *
 * <p>The hash is the leaf hash of RFC 6962: the payloads, in order, are the leaves of a Merkle tree that tiles and signed
 * heads can be computed for at any time, without touching an entry.
 *
 * <p>{@code head} is one line, {@code <entries> <bytes> <hash>}: how long the log was after a complete append, and the
 * hash of its last entry. It is replaced after the entry is on the disk, so a crash leaves it at most behind the log,
 * never before it. It shows that a log has lost its end. It cannot show that somebody rewrote log <em>and</em> head: signed
 * heads that lie elsewhere do.
 *
 * <p>A crash in the middle of an append leaves bytes that are no entry. They stay where they are: the next append ends
 * them with a line feed, if they lack one. Where that makes them an entry, it is one; else an entry {@code
 * audit.recovered} comes first, whose details name their {@code offset}, {@code bytes} and {@code sha256}. Bytes that are
 * no entry and are not named like this right after themselves are damage.
 *
 * <p>{@code lock} is locked while a process appends or verifies.
 */
public final class AuditLog {
    static final String RECOVERED = "audit.recovered";
    static final String FILE = "log.ndjson";
    static final String HEAD = "head";
    static final String LOCK = "lock";

    private static final int MAX_LINE = 1 << 20;

    private final Path folder;
    private final Duration lockTimeout;

    /**
     * @param folder where the log lies; made by the first append
     * @param lockTimeout time to wait for another process that is appending
     */
    public AuditLog(Path folder, Duration lockTimeout) {
        this.folder = folder;
        this.lockTimeout = lockTimeout;
    }

    public static AuditLog of(LakeConfig config, LakeHome home) {
        return new AuditLog(home.audit(), config.audit().lockTimeout());
    }

    /**
     * Writes an entry and returns when it is on the disk.
     *
     * @return its sequence number
     * @throws LakeException where the log is damaged, locked for too long, or cannot be written; the act must not be done
     */
    public long append(AuditEvent event) {
        if (event.action().equals(RECOVERED)) {
            throw new IllegalArgumentException(RECOVERED + " is the log's own action");
        }
        try (ProcessLock lock = ProcessLock.acquire(folder.resolve(LOCK), lockTimeout)) {
            AuditHead head = settle(event);
            return write(head, event).entries() - 1;
        } catch (IOException e) {
            throw LakeException.failed(
                    "the audit log at " + folder + " cannot be written, so '" + event.action() + "' was not begun",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make the folder writable and give it free space, then run the command again",
                    e);
        }
    }

    /**
     * Reads the whole log.
     *
     * @throws LakeException where it cannot be read, or another process appends for too long
     */
    public AuditVerification verify() {
        if (!Files.exists(folder)) {
            return new AuditVerification(0, AuditEntry.NO_HASH, 0, Optional.empty());
        }
        try (ProcessLock lock = ProcessLock.acquire(folder.resolve(LOCK), lockTimeout)) {
            if (!Files.exists(log()) && !Files.exists(headFile())) {
                return new AuditVerification(0, AuditEntry.NO_HASH, 0, Optional.empty());
            }
            Optional<AuditHead> head = AuditHead.read(headFile());
            AuditVerification found = scan(head.orElse(AuditHead.EMPTY)).result();
            return head.isPresent() || !found.intact()
                    ? found
                    : new AuditVerification(
                            found.entries(),
                            found.hash(),
                            found.unfinishedBytes(),
                            Optional.of(new AuditVerification.Damage(1, 0, "the file 'head' is missing or altered")));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the audit log at " + folder + " cannot be read",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make the folder readable, then run the command again",
                    e);
        }
    }

    /** Where the next entry goes, after a crash's remains were recorded. */
    private AuditHead settle(AuditEvent event) throws IOException {
        long bytes = Files.exists(log()) ? Files.size(log()) : 0;
        if (bytes == 0 && !Files.exists(headFile())) {
            AuditHead.EMPTY.write(headFile());
        }
        AuditHead head = AuditHead.read(headFile()).orElseThrow(() -> damaged("the file 'head' is missing or altered"));
        if (head.bytes() == bytes) {
            return head;
        }
        AuditScan scan = intact(head);
        if (scan.endsWithinLine()) {
            // It may lack nothing else, and be the next entry.
            write(new byte[] {'\n'});
            scan = intact(head);
        }
        if (scan.result().unfinishedBytes() == 0) {
            return scan.reached();
        }
        AuditScan.Gap gap = scan.gap();
        AuditEvent recovered = new AuditEvent(
                event.at(),
                "audit",
                RECOVERED,
                FILE,
                Map.of(
                        "offset", Long.toString(gap.offset()),
                        "bytes", Long.toString(gap.bytes()),
                        "sha256", gap.sha256()));
        return write(scan.reached(), recovered);
    }

    private AuditScan intact(AuditHead head) throws IOException {
        AuditScan scan = scan(head);
        scan.result().damage().ifPresent(damage -> {
            throw damaged(damage.toString());
        });
        return scan;
    }

    private AuditHead write(AuditHead head, AuditEvent event) throws IOException {
        byte[] line = AuditEntry.encode(head.entries(), head.hash(), event);
        if (line.length > MAX_LINE) {
            throw new IllegalArgumentException("an entry of " + line.length + " bytes is larger than " + MAX_LINE);
        }
        write(line);
        AuditEntry entry = AuditEntry.decode(Arrays.copyOf(line, line.length - 1))
                .orElseThrow(() -> new IllegalStateException("an entry that was just encoded does not decode"));
        AuditHead after = new AuditHead(head.entries() + 1, head.bytes() + line.length, entry.hash());
        after.write(headFile());
        return after;
    }

    /** At the end of the log; on the disk when it returns. */
    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        boolean created = !Files.exists(log());
        try (FileChannel channel = FileChannel.open(
                log(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        if (created) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private AuditScan scan(AuditHead head) throws IOException {
        if (!Files.exists(log())) {
            return AuditScan.of(InputStream.nullInputStream(), head);
        }
        try (InputStream log = Files.newInputStream(log())) {
            return AuditScan.of(log, head);
        }
    }

    private LakeException damaged(String what) {
        return LakeException.failed(
                "the audit log at " + folder + " is damaged, and nothing is destroyed without one",
                what,
                "keep the folder for an inquiry, restore it from a copy, and check it with `lake doctor`");
    }

    private Path log() {
        return folder.resolve(FILE);
    }

    private Path headFile() {
        return folder.resolve(HEAD);
    }
}
