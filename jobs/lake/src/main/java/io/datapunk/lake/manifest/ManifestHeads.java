package io.datapunk.lake.manifest;

import io.datapunk.lake.audit.DurableFile;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code audit/manifests}: how far each table's manifest goes, a line {@code <dataset> <sequence> <version> <hash>} each.
 * The same stands in the audit log; this file spares the reading of it.
 */
final class ManifestHeads {
    private final Path file;

    ManifestHeads(LakeHome home) {
        this.file = home.audit().resolve("manifests");
    }

    /** Lines that are none are left out: what is not known is looked up. */
    SortedMap<DatasetName, ManifestHead> read() throws IOException {
        SortedMap<DatasetName, ManifestHead> heads = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                int space = line.indexOf(' ');
                try {
                    heads.put(
                            DatasetName.parse(line.substring(0, Math.max(space, 0))),
                            ManifestHead.parse(line.substring(space + 1)));
                } catch (RuntimeException damagedLine) {
                    continue;
                }
            }
        } catch (NoSuchFileException none) {
            return heads;
        }
        return heads;
    }

    void write(Map<DatasetName, ManifestHead> heads) throws IOException {
        String content = new TreeMap<>(heads)
                .entrySet().stream()
                        .map(head -> head.getKey() + " " + head.getValue() + "\n")
                        .collect(Collectors.joining());
        Files.createDirectories(file.getParent());
        DurableFile.replace(file, content.getBytes(StandardCharsets.UTF_8));
    }
}
