package io.datapunk.lake.container;

import java.io.Serializable;

/**
 * One entry of an export: where its bytes are and what the container says about them. Small, because an export has up to
 * a million of them.
 *
 * @param part the container; one instance shared by its entries
 * @param path path inside the export, NFC, {@code /} between its parts, unique within the container: a name that occurs
 *     again gets {@code #2} before its extension
 * @param originalPath the path as the container has it; the same instance as {@code path} where they are equal
 * @param method how the bytes lie
 * @param offset of the local header in a zip, of the first byte in a tar or a staged file; 0 otherwise
 * @param storedBytes size in the container
 * @param bytes size when read, as the container declares it
 * @param crc32 as the container declares it, or {@link #NO_CRC}
 * @param status whether it is read
 * @param reason why it is not read; empty when it is
 */
public record EntryRef(
        ContainerPart part,
        String path,
        String originalPath,
        EntryMethod method,
        long offset,
        long storedBytes,
        long bytes,
        long crc32,
        EntryStatus status,
        String reason)
        implements Serializable {
    public static final long NO_CRC = -1;

    public boolean isReadable() {
        return status == EntryStatus.READABLE;
    }

    EntryRef rejected(String why) {
        return new EntryRef(
                part, path, originalPath, method, offset, storedBytes, bytes, crc32, EntryStatus.REJECTED, why);
    }

    /** Whether a range of it can be read without reading what stands before. */
    public boolean isSplittable() {
        return method != EntryMethod.DEFLATED;
    }
}
