package io.datapunk.lake.container;

import io.datapunk.lake.container.CentralDirectory.Row;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/** Reads a zip's central directory; local headers are read only when an entry is opened. */
final class ZipIndexer {
    /** The shortest local header. */
    static final int LOCAL_HEADER = 30;

    private static final Charset WITHOUT_UTF_8_FLAG = Charset.forName("IBM437");
    private static final String OVERLAP = "its bytes overlap with those of another entry";

    private ZipIndexer() {}

    static void index(Path file, ContainerPart part, IndexBuilder index) throws IOException {
        index.begin(part);
        int first = index.entries().size();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            try {
                CentralDirectory.read(channel, row -> add(row, part, index));
            } catch (IOException e) {
                throw LakeException.failed(
                        part.name() + " is a zip that cannot be read",
                        "%s; it has %,d bytes, as many as arrived if a download stopped"
                                .formatted(e.getMessage(), part.bytes()),
                        "download or copy it again; nothing was read from it",
                        e);
            }
        }
        rejectOverlaps(first, index);
    }

    private static void add(Row row, ContainerPart part, IndexBuilder index) {
        String name = nameOf(row);
        if (name.endsWith("/")) {
            return;
        }
        boolean stored = row.method() == ZipMethod.STORED.getCode();
        index.add(
                name,
                stored ? EntryMethod.STORED : EntryMethod.DEFLATED,
                row.offset(),
                row.storedBytes(),
                row.bytes(),
                row.crc32(),
                refusal(row, part));
    }

    private static String refusal(Row row, ContainerPart part) {
        if (row.unixType() == UnixStat.LINK_FLAG) {
            return "it is a symbolic link";
        }
        if (row.unixType() != 0 && row.unixType() != UnixStat.FILE_FLAG) {
            return "it is a device or another special file";
        }
        if ((row.flags() & Row.FLAG_ENCRYPTED) != 0) {
            return "it is encrypted; unpack the archive with its password and hand in the folder";
        }
        ZipMethod method = ZipMethod.getMethodByCode(row.method());
        if (method != ZipMethod.STORED && method != ZipMethod.DEFLATED) {
            return "it is compressed with %s (method %d), which is not supported; unpack the archive and hand in the folder"
                    .formatted(method, row.method());
        }
        if (row.disk() > 0) {
            return "it lies in another volume of a split archive; join the volumes first";
        }
        if (row.offset() < 0
                || row.storedBytes() < 0
                || row.bytes() < 0
                || row.offset() > part.bytes() - LOCAL_HEADER - row.storedBytes()) {
            return "the central directory places it outside the archive";
        }
        if (method == ZipMethod.STORED && row.storedBytes() != row.bytes()) {
            return "it is stored as it is, but declares two sizes: %d and %d".formatted(row.storedBytes(), row.bytes());
        }
        return "";
    }

    /** Names without the flag for UTF-8 are UTF-8 all the same with many programs; the rest is the standard's code page. */
    private static String nameOf(Row row) {
        byte[] raw = row.unicodeName() == null ? row.rawName() : row.unicodeName();
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            boolean declared = raw != row.rawName() || (row.flags() & Row.FLAG_UTF_8) != 0;
            name = new String(raw, declared ? StandardCharsets.UTF_8 : WITHOUT_UTF_8_FLAG);
        }
        // Some programs for DOS and Windows write their own separator.
        return row.platform() == Row.PLATFORM_DOS && name.indexOf('/') < 0 ? name.replace('\\', '/') : name;
    }

    /** Entries that share bytes are how a small archive declares petabytes. */
    private static void rejectOverlaps(int first, IndexBuilder index) {
        List<EntryRef> entries = index.entries();
        int[] byOffset = IntStream.range(first, entries.size())
                .filter(i -> entries.get(i).isReadable())
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
