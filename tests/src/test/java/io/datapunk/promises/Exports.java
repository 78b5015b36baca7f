package io.datapunk.promises;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small exports, good and bad ones, in a folder. */
record Exports(Path folder) {
    static final String SEARCHES_PATH = "Takeout/My Activity/Search/MyActivity.json";

    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_FLAGS = 6;
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int CENTRAL_FLAGS = 8;

    /** One search for each of these words. */
    static String searches(String... words) {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < words.length; i++) {
            json.append(i == 0 ? "" : ",").append("""
                    {"header": "Search", "title": "Searched for %s", "titleUrl": "https://example.org/?q=%s",
                     "time": "2024-05-%02dT10:00:00.123Z", "products": ["Search"]}
                    """.formatted(words[i], words[i], i + 1));
        }
        return json.append("]").toString();
    }

    /** A zip of these texts by the paths of their entries. */
    Path zip(String name, Map<String, String> entries) throws IOException {
        return Files.write(folder.resolve(name), bytes(entries));
    }

    /** The same, with all entries marked as encrypted. */
    Path encryptedZip(String name, Map<String, String> entries) throws IOException {
        byte[] zip = bytes(entries);
        for (int at = 0; at + CENTRAL_FLAGS < zip.length; at++) {
            int signature = zip[at] & 0xff | (zip[at + 1] & 0xff) << 8 | (zip[at + 2] & 0xff) << 16 | zip[at + 3] << 24;
            if (signature == LOCAL_HEADER) {
                zip[at + LOCAL_FLAGS] |= 1;
            } else if (signature == CENTRAL_HEADER) {
                zip[at + CENTRAL_FLAGS] |= 1;
            }
        }
        return Files.write(folder.resolve(name), zip);
    }

    private static byte[] bytes(Map<String, String> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
