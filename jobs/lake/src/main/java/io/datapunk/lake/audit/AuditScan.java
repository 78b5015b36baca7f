package io.datapunk.lake.audit;

import io.datapunk.lake.audit.AuditVerification.Damage;
import io.datapunk.lake.model.Sha256;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** Reads a log from its first byte and follows the chain as far as it holds. */
final class AuditScan {
    /** Is shown each intact entry. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param line without its line feed
         * @param offset bytes of the log before it
         */
        void entry(AuditEntry entry, byte[] line, long offset) throws IOException;
    }

    private final AuditHead head;
    private final Visitor visitor;
    private long line;
    private long offset;
    private long entries;
    private String hash;
    // Bytes after the last intact entry that are no entry themselves: a crash's remains, or damage.
    private long gapLine;
    private long gapOffset;
    private long gapBytes;
    private boolean gapEndsLine = true;
    private MessageDigest gapDigest = Sha256.digest();
    private Damage damage;

    private AuditScan(AuditHead start, AuditHead head, Visitor visitor) {
        this.head = head;
        this.visitor = visitor;
        this.line = start.entries() + 1;
        this.offset = start.bytes();
        this.entries = start.entries();
        this.hash = start.hash();
    }

    static AuditScan of(InputStream log, AuditHead head) throws IOException {
        return of(log, head, (entry, line, offset) -> {});
    }

    static AuditScan of(InputStream log, AuditHead head, Visitor visitor) throws IOException {
        AuditScan scan = new AuditScan(AuditHead.EMPTY, head, visitor);
        scan.read(new BufferedInputStream(log, 1 << 16), Long.MAX_VALUE);
        return scan;
    }

    /**
     * Reads a part that ends with a head. Lines are counted as if no crash had left any before.
     *
     * @param log from the start on
     */
    static AuditScan between(AuditHead start, InputStream log, AuditHead head, Visitor visitor) throws IOException {
        AuditScan scan = new AuditScan(start, head, visitor);
        scan.read(new BufferedInputStream(log, 1 << 16), head.bytes());
        return scan;
    }

    AuditVerification result() {
        return new AuditVerification(entries, hash, damage == null ? gapBytes : 0, Optional.ofNullable(damage));
    }

    /** Bytes of the log up to where an entry may follow. */
    AuditHead reached() {
        return new AuditHead(entries, offset, hash);
    }

    /** The number of the line that follows. */
    long nextLine() {
        return line;
    }

    /** What an entry has to say about the unfinished bytes before it, which end with a line feed. */
    Gap gap() {
        return new Gap(gapOffset, gapBytes, HexFormat.of().formatHex(gapDigest.digest()));
    }

    boolean endsWithinLine() {
        return !gapEndsLine;
    }

    /** Where unfinished bytes lie and what they are. */
    record Gap(long offset, long bytes, String sha256) {}

    private void read(InputStream log, long end) throws IOException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        while (damage == null && offset + buffer.size() < end) {
            int next = log.read();
            if (next < 0) {
                break;
            }
            if (next == '\n') {
                accept(buffer.toByteArray(), true);
                buffer.reset();
            } else {
                buffer.write(next);
            }
        }
        if (damage == null && buffer.size() > 0) {
            accept(buffer.toByteArray(), false);
        }
        if (damage == null && entries < head.entries()) {
            damage = gapBytes > 0
                    ? new Damage(gapLine, gapOffset, "entry " + entries + " is altered")
                    : new Damage(
                            line,
                            offset,
                            "entry " + entries + " and what follows is missing; the head counts " + head.entries());
        }
    }

    private void accept(byte[] bytes, boolean ended) throws IOException {
        Optional<AuditEntry> entry = ended ? AuditEntry.decode(bytes) : Optional.empty();
        if (entry.isEmpty()) {
            extendGap(bytes, ended);
        } else if (gapBytes > 0 && !records(entry.get())) {
            damage = new Damage(gapLine, gapOffset, "entry " + entries + " is altered");
        } else if (entry.get().sequence() != entries) {
            damage = new Damage(
                    line, offset, "entry " + entry.get().sequence() + " stands where entry " + entries + " belongs");
        } else if (!entry.get().previous().equals(hash)) {
            damage = new Damage(line, offset, "entry " + entries + " does not follow from the one before it");
        } else {
            follow(entry.get(), bytes);
        }
        offset += bytes.length + (ended ? 1 : 0);
        line++;
    }

    private void follow(AuditEntry entry, byte[] bytes) throws IOException {
        long end = offset + bytes.length + 1;
        gapBytes = 0;
        gapDigest = Sha256.digest();
        hash = entry.hash();
        entries++;
        if (entries == head.entries() && !(hash.equals(head.hash()) && end == head.bytes())) {
            damage = new Damage(line, offset, "entry " + (entries - 1) + " is not the one that the head names");
        } else {
            visitor.entry(entry, bytes, offset);
        }
    }

    private boolean records(AuditEntry entry) {
        return entry.action().equals(AuditLog.RECOVERED)
                && entry.detail("offset").equals(Long.toString(gapOffset))
                && entry.detail("bytes").equals(Long.toString(gapBytes))
                && entry.detail("sha256").equals(HexFormat.of().formatHex(gapDigest.digest()));
    }

    private void extendGap(byte[] bytes, boolean ended) {
        if (gapBytes == 0) {
            gapLine = line;
            gapOffset = offset;
        }
        gapDigest.update(bytes);
        if (ended) {
            gapDigest.update((byte) '\n');
        }
        gapBytes += bytes.length + (ended ? 1 : 0);
        gapEndsLine = ended;
    }
}
