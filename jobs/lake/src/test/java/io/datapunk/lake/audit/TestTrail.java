package io.datapunk.lake.audit;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A lake of which there is only the audit log, and somebody who falsifies it. */
final class TestTrail {
    private static final Instant AT = Instant.parse("2026-01-31T23:59:59Z");

    private final Path home;
    private final LakeConfig config;

    TestTrail(Path home) {
        this(home, Map.of());
    }

    TestTrail(Path home, Map<String, String> settings) {
        this.home = home;
        Map<String, String> all = new HashMap<>(settings);
        all.put("lake.home", home.toString());
        this.config = LakeConfig.load(null, Map.of(), all);
    }

    TestTrail anchoredAt(Path... locations) {
        return new TestTrail(
                home,
                Map.of(
                        "lake.audit.locations",
                        Stream.of(locations).map(Path::toString).collect(Collectors.joining(","))));
    }

    Path home() {
        return home;
    }

    Path file(String name) {
        return home.resolve("audit").resolve(name);
    }

    AuditTrail trail() {
        return AuditTrail.of(config, LakeHome.of(config));
    }

    AuditLog log() {
        return AuditLog.of(config, LakeHome.of(config));
    }

    /** Appends entries, written down in one go, as appending one by one would have. */
    void append(int count) {
        append(count, "test.append");
    }

    void append(int count, String action) {
        try {
            Files.createDirectories(home.resolve("audit"));
            AuditHead head = AuditHead.read(file("head")).orElse(AuditHead.EMPTY);
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                AuditEvent event = new AuditEvent(AT, "test", action, "s" + head.entries(), Map.of("bytes", "1"));
                byte[] line = AuditEntry.encode(head.entries(), head.hash(), event);
                lines.append(new String(line, StandardCharsets.US_ASCII));
                String hash = lines.substring(lines.length() - 67, lines.length() - 3);
                head = new AuditHead(head.entries() + 1, head.bytes() + line.length, hash);
            }
            Files.writeString(file("log.ndjson"), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            head.write(file("head"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes all entries from a number on anew, chain and head included. */
    void rewriteFrom(int entry) throws IOException {
        List<String> lines = Files.readAllLines(file("log.ndjson"));
        String kept = lines.stream().limit(entry).map(line -> line + "\n").collect(Collectors.joining());
        String hash = kept.substring(kept.length() - 67, kept.length() - 3);
        Files.writeString(file("log.ndjson"), kept);
        new AuditHead(entry, kept.length(), hash).write(file("head"));
        append(lines.size() - entry, "test.rewritten");
    }

    /** The root over the leaf hashes that the log's lines name. */
    String rootOfLog() throws IOException {
        List<TreeHash> leaves = new ArrayList<>();
        for (String line : Files.readAllLines(file("log.ndjson"))) {
            leaves.add(TreeHash.ofHex(line.substring(line.length() - 66, line.length() - 2)));
        }
        return MerkleTreeProperties.tree(leaves).root(leaves.size()).toString();
    }

    /** Keeps a copy of the whole folder beside the home. */
    void keep() throws IOException {
        copy(home.resolve("audit"), home.resolveSibling("kept"));
    }

    /** Brings that copy back. */
    void setBack() throws IOException {
        copy(home.resolveSibling("kept"), home.resolve("audit"));
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            FolderTree.delete(to);
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
