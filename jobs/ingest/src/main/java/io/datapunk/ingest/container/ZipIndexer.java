package io.datapunk.ingest.container;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/** Reads a zip's central directory; local headers are read only when an entry is opened. */
final class ZipIndexer {
    /** The shortest local header. */
    static final int LOCAL_HEADER = 30;

    private static final Charset WITHOUT_UTF_8_FLAG = Charset.forName("IBM437");

    private static final String OVERLAP = "its bytes overlap with those of another entry";

    private ZipIndexer() {}

    static void index(Path file, ContainerPart part, IndexBuilder index) {
        index.begin(part);
        int first = index.entries().size();
        try (ZipFile zip = ZipFile.builder()
                .setPath(file)
                .setCharset(StandardCharsets.UTF_8)
                .setIgnoreLocalFileHeader(true)
                .get()) {
            Enumeration<ZipArchiveEntry> entries = zip.getEntries();
            while (entries.hasMoreElements()) {
                ZipArchiveEntry entry = entries.nextElement();
                if (!entry.isDirectory()) {
                    add(entry, part, index);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw LakeException.failed(
                    part.name() + " is a zip that cannot be read",
                    "its central directory was not found or is damaged within its %,d bytes (%s), as when a download stops"
                            .formatted(part.bytes(), e.getMessage()),
                    "download or copy it again; nothing was read from it",
                    e);
        }
        rejectOverlaps(first, index);
    }

    private static void add(ZipArchiveEntry entry, ContainerPart part, IndexBuilder index) {
        boolean stored = entry.getMethod() == ZipMethod.STORED.getCode();
        index.add(
                nameOf(entry),
                stored ? EntryMethod.STORED : EntryMethod.DEFLATED,
                entry.getLocalHeaderOffset(),
                entry.getCompressedSize(),
                entry.getSize(),
                entry.getCrc(),
                refusal(entry, part));
    }

    private static String refusal(ZipArchiveEntry entry, ContainerPart part) {
        int type = entry.getUnixMode() & UnixStat.FILE_TYPE_FLAG;
        if (entry.isUnixSymlink()) {
            return "it is a symbolic link";
        }
        if (type != 0 && type != UnixStat.FILE_FLAG) {
            return "it is a device or another special file";
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            return "it is encrypted; unpack the archive with its password and hand in the folder";
        }
        ZipMethod method = ZipMethod.getMethodByCode(entry.getMethod());
        if (method != ZipMethod.STORED && method != ZipMethod.DEFLATED) {
            return "it is compressed with %s (method %d), which is not supported; unpack the archive and hand in the folder"
                    .formatted(method, entry.getMethod());
        }
        if (entry.getDiskNumberStart() > 0) {
            return "it lies in another volume of a split archive; join the volumes first";
        }
        if (entry.getLocalHeaderOffset() < 0
                || entry.getCompressedSize() < 0
                || entry.getSize() < 0
                || entry.getLocalHeaderOffset() > part.bytes() - LOCAL_HEADER - entry.getCompressedSize()) {
            return "the central directory places it outside the archive";
        }
        if (method == ZipMethod.STORED && entry.getCompressedSize() != entry.getSize()) {
            return "it is stored as it is, but declares two sizes: %d and %d"
                    .formatted(entry.getCompressedSize(), entry.getSize());
        }
        return "";
    }

    /** Names without the flag for UTF-8 are UTF-8 all the same with many programs; the rest is the standard's code page. */
    private static String nameOf(ZipArchiveEntry entry) {
        byte[] raw = entry.getRawName();
        boolean unicode = entry.getGeneralPurposeBit().usesUTF8ForNames()
                || entry.getNameSource() != ZipArchiveEntry.NameSource.NAME;
        if (unicode || raw == null) {
            return entry.getName();
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw));
            return entry.getName();
        } catch (CharacterCodingException notUtf8) {
            return new String(raw, WITHOUT_UTF_8_FLAG);
        }
    }

    /** Entries that share bytes are how a small archive declares petabytes. */
    private static void rejectOverlaps(int first, IndexBuilder index) {
        List<EntryRef> entries = index.entries();
        int[] byOffset = IntStream.range(first, entries.size())
                .boxed()
                .sorted(Comparator.comparingLong(i -> entries.get(i).offset()))
                .mapToInt(Integer::intValue)
                .toArray();
        int furthest = -1;
        long end = 0;
        for (int i : byOffset) {
            EntryRef entry = entries.get(i);
            if (entry.offset() < end) {
                index.reject(furthest, OVERLAP);
                index.reject(i, OVERLAP);
            }
            long entryEnd = entry.offset() + LOCAL_HEADER + Math.max(0, entry.storedBytes());
            if (entryEnd > end) {
                end = entryEnd;
                furthest = i;
            }
        }
    }
}
