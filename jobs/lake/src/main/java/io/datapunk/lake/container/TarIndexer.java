package io.datapunk.lake.container;

import io.datapunk.lake.model.LakeException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Walks over a tar's headers, skipping what the entries hold. */
final class TarIndexer {
    private TarIndexer() {}

    /**
     * Indexes a tar.
     *
     * @param in its bytes, decompressed
     * @param method how entries are read later: {@code STORED} or {@code STAGED}
     */
    static void index(SeekableStream in, ContainerPart part, EntryMethod method, IndexBuilder index) {
        index.begin(part);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name())) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                if (!entry.isDirectory()) {
                    index.add(
                            entry.getName(),
                            method,
                            in.position(),
                            entry.getSize(),
                            entry.getSize(),
                            EntryRef.NO_CRC,
                            refusal(entry));
                }
                entry = tar.getNextEntry();
            }
        } catch (EOFException e) {
            throw damaged(part, in.position(), "it ends in the middle", e);
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(part, in.position(), String.valueOf(e.getMessage()), e);
        }
    }

    private static LakeException damaged(ContainerPart part, long position, String reason, Exception cause) {
        return LakeException.failed(
                part.name() + " is a tar that cannot be read to its end",
                "near byte %,d of the tar: %s".formatted(position, reason),
                "download or copy it again; nothing was read from it",
                cause);
    }

    private static String refusal(TarArchiveEntry entry) {
        if (entry.isSymbolicLink()) {
            return "it is a symbolic link";
        }
        if (entry.isLink()) {
            return "it is a hard link to " + entry.getLinkName();
        }
        if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            return "it is a device or another special file";
        }
        if (entry.isSparse()) {
            return "it is a sparse file, which is not supported; unpack the archive and hand in the folder";
        }
        return entry.isFile() ? "" : "it is of an unknown type";
    }
}
