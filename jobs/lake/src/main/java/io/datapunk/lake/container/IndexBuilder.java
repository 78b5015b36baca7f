package io.datapunk.lake.container;

import io.datapunk.lake.model.LakeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the entries of an export, part by part, and applies what holds for all kinds of container. */
final class IndexBuilder {
    private final SafetyLimits limits;
    private final List<EntryRef> entries = new ArrayList<>();
    /** How often each path occurred in the part under way. */
    private final Map<String, Integer> occurrences = new HashMap<>();

    private ContainerPart part;
    private long totalBytes;

    IndexBuilder(SafetyLimits limits) {
        this.limits = limits;
    }

    void begin(ContainerPart next) {
        part = next;
        occurrences.clear();
    }

    SafetyLimits limits() {
        return limits;
    }

    List<EntryRef> entries() {
        return entries;
    }

    /**
     * Adds an entry.
     *
     * @param reason why the container's kind refuses it, or empty
     */
    void add(String name, EntryMethod method, long offset, long storedBytes, long bytes, long crc32, String reason) {
        EntryPath path = EntryPath.of(name, limits);
        EntryStatus status = path.status();
        String why = path.reason();
        if (status == EntryStatus.READABLE) {
            why = reason.isEmpty() ? overLimit(storedBytes, bytes) : reason;
            status = why.isEmpty() ? EntryStatus.READABLE : EntryStatus.REJECTED;
        }
        if (status == EntryStatus.READABLE) {
            totalBytes += bytes;
        }
        String unique = unique(path.path());
        entries.add(new EntryRef(
                part,
                unique,
                unique.equals(name) ? unique : name,
                method,
                offset,
                storedBytes,
                bytes,
                crc32,
                status,
                why));
        checkExport();
    }

    /** Takes an entry back that was added as readable. */
    void reject(int index, String reason) {
        EntryRef entry = entries.get(index);
        if (entry.isReadable()) {
            totalBytes -= entry.bytes();
            entries.set(index, entry.rejected(reason));
        }
    }

    private String overLimit(long storedBytes, long bytes) {
        if (bytes > limits.entryBytes()) {
            return "it declares %,d bytes, more than the limit of %,d".formatted(bytes, limits.entryBytes());
        }
        if (limits.isRatioExceeded(storedBytes, bytes)) {
            return "it declares %,d bytes out of %,d, more than the limit of %d to 1"
                    .formatted(bytes, storedBytes, limits.ratio());
        }
        return "";
    }

    private void checkExport() {
        if (entries.size() > limits.entries()) {
            throw LakeException.failed(
                    part.name() + " holds too many entries",
                    "more than the limit of %,d".formatted(limits.entries()),
                    "raise the limit if the export is honest; nothing was read");
        }
        if (totalBytes > limits.totalBytes()) {
            throw LakeException.failed(
                    part.name() + " is too large",
                    "the export declares more than the limit of %,d bytes".formatted(limits.totalBytes()),
                    "raise the limit if the export is honest; nothing was read");
        }
    }

    private String unique(String path) {
        int occurrence = occurrences.merge(path, 1, Integer::sum);
        if (occurrence == 1) {
            return path;
        }
        int dot = path.lastIndexOf('.');
        int end = dot > path.lastIndexOf('/') + 1 ? dot : path.length();
        String candidate = path.substring(0, end) + "#" + occurrence + path.substring(end);
        return occurrences.containsKey(candidate) ? unique(candidate) : register(candidate);
    }

    private String register(String candidate) {
        occurrences.put(candidate, 1);
        return candidate;
    }
}
