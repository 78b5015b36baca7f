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
    private final AuditHead head;
    private long line = 1;
    private long offset;
    private long entries;
    private String hash = AuditEntry.NO_HASH;
    // Bytes after the last intact entry that are no entry themselves: a crash's remains, or damage.
    private long gapLine;
    private long gapOffset;
    private long gapBytes;
    private boolean gapEndsLine = true;
    private MessageDigest gapDigest = Sha256.digest();
    private Damage damage;

    private AuditScan(AuditHead head) {
        this.head = head;
    }

    static AuditScan of(InputStream log, AuditHead head) throws IOException {
        AuditScan scan = new AuditScan(head);
        scan.read(new BufferedInputStream(log, 1 << 16));
        return scan;
    }

    AuditVerification result() {
        return new AuditVerification(entries, hash, damage == null ? gapBytes : 0, Optional.ofNullable(damage));
    }

    /** Bytes of the log up to where an entry may follow. */
    AuditHead reached() {
        return new AuditHead(entries, offset, hash);
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

    private void read(InputStream log) throws IOException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        for (int next = log.read(); next >= 0 && damage == null; next = log.read()) {
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

    private void accept(byte[] bytes, boolean ended) {
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
            follow(entry.get(), offset + bytes.length + 1);
        }
        offset += bytes.length + (ended ? 1 : 0);
        line++;
    }

    private void follow(AuditEntry entry, long end) {
        gapBytes = 0;
        gapDigest = Sha256.digest();
        hash = entry.hash();
        entries++;
        if (entries == head.entries() && !(hash.equals(head.hash()) && end == head.bytes())) {
            damage = new Damage(line, offset, "entry " + (entries - 1) + " is not the one that the head names");
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
