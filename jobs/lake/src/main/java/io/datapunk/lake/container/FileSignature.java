package io.datapunk.lake.container;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;

/** Tells what a file is by its first bytes. */
enum FileSignature {
    ZIP,
    TAR,
    GZIP,
    PLAIN;

    static final int TAR_HEADER = 512;

    private static final Map<String, byte[]> UNSUPPORTED = new LinkedHashMap<>();

    static {
        UNSUPPORTED.put("7z", new byte[] {'7', 'z', (byte) 0xBC, (byte) 0xAF, 0x27, 0x1C});
        UNSUPPORTED.put("rar", "Rar!\u001A\u0007".getBytes(StandardCharsets.ISO_8859_1));
        UNSUPPORTED.put("xz", new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0});
        UNSUPPORTED.put("bzip2", "BZh".getBytes(StandardCharsets.ISO_8859_1));
        UNSUPPORTED.put("compress", new byte[] {0x1F, (byte) 0x9D});
        UNSUPPORTED.put("zstd", new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD});
        UNSUPPORTED.put("volume of a split zip", new byte[] {'P', 'K', 7, 8});
    }

    /**
     * Looks at a file.
     *
     * @throws LakeException when it is empty, an archive of a kind that is not read, or named as an archive without being one
     */
    static FileSignature of(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(TAR_HEADER);
        }
        String name = file.getFileName().toString();
        if (head.length == 0) {
            throw LakeException.failed(
                    name + " is empty", "it has 0 bytes", "download or copy it again; nothing was read");
        }
        for (Map.Entry<String, byte[]> archive : UNSUPPORTED.entrySet()) {
            if (startsWith(head, archive.getValue())) {
                throw LakeException.failed(
                        name + " is a " + archive.getKey() + " file",
                        "zip, tar, gzipped tar, folders and plain files are read",
                        "unpack it and hand in the folder; nothing was read");
            }
        }
        if (startsWith(head, new byte[] {'P', 'K', 3, 4}) || startsWith(head, new byte[] {'P', 'K', 5, 6})) {
            return ZIP;
        }
        if (startsWith(head, new byte[] {0x1F, (byte) 0x8B})) {
            return GZIP;
        }
        if (isTar(head)) {
            return TAR;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".zip") || lower.endsWith(".tgz") || lower.endsWith(".gz") || lower.endsWith(".tar")) {
            throw LakeException.failed(
                    name + " is not an archive",
                    "its name says so, but its first bytes are " + hex(head),
                    "check that the download was complete and not an error page; nothing was read");
        }
        return PLAIN;
    }

    /** By its magic, or by the checksum of the header where an old program wrote no magic. */
    static boolean isTar(byte[] head) {
        if (head.length < TAR_HEADER) {
            return false;
        }
        if (TarArchiveInputStream.matches(head, head.length)) {
            return true;
        }
        try {
            return TarUtils.verifyCheckSum(head);
        } catch (IllegalArgumentException noNumber) {
            return false;
        }
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    private static String hex(byte[] head) {
        return HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(8, head.length));
    }
}
