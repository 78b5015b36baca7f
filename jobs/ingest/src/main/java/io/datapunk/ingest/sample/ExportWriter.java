package io.datapunk.ingest.sample;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Packs entries as Takeout does: in two zip parts, in one tar file, or in a folder. */
abstract class ExportWriter implements Closeable {
    /** Writes an entry's bytes. */
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    /** Adds an entry whose size is not known. */
    abstract void stream(int part, String path, Body body) throws IOException;

    /** Adds a small entry; a zip part stores it without compression, as Takeout does with photos. */
    abstract void bytes(int part, String path, byte[] bytes) throws IOException;

    abstract List<Path> containers();

    static ExportWriter open(Path directory, SampleOptions options) throws IOException {
        Files.createDirectories(directory);
        LocalDateTime exported = LocalDateTime.ofInstant(options.exportedAt(), ZoneOffset.UTC);
        String name =
                "takeout-" + DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").format(exported);
        return switch (options.packaging()) {
            case ZIP -> new ZipParts(directory, name, exported);
            case TGZ ->
                new Tgz(
                        directory.resolve(name + "-001.tgz"),
                        options.exportedAt().toEpochMilli());
            case FOLDER -> new Folder(directory.resolve(name));
        };
    }

    private static OutputStream unclosed(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    private static final class ZipParts extends ExportWriter {
        private final List<Path> files = new ArrayList<>();
        private final List<ZipOutputStream> parts = new ArrayList<>();
        private final LocalDateTime modified;

        ZipParts(Path directory, String name, LocalDateTime modified) throws IOException {
            this.modified = modified;
            for (int part = 1; part <= 2; part++) {
                Path file = directory.resolve(name + "-00" + part + ".zip");
                files.add(file);
                ZipOutputStream out =
                        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 18));
                out.setLevel(Deflater.BEST_SPEED);
                parts.add(out);
            }
        }

        @Override
        void stream(int part, String path, Body body) throws IOException {
            ZipOutputStream out = parts.get(part);
            out.putNextEntry(entry(path));
            body.write(unclosed(out));
            out.closeEntry();
        }

        @Override
        void bytes(int part, String path, byte[] bytes) throws IOException {
            ZipOutputStream out = parts.get(part);
            ZipEntry entry = entry(path);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.length);
            CRC32 crc = new CRC32();
            crc.update(bytes);
            entry.setCrc(crc.getValue());
            out.putNextEntry(entry);
            out.write(bytes);
            out.closeEntry();
        }

        private ZipEntry entry(String path) {
            ZipEntry entry = new ZipEntry(path);
            entry.setTimeLocal(modified);
            return entry;
        }

        @Override
        List<Path> containers() {
            return files;
        }

        @Override
        public void close() throws IOException {
            for (ZipOutputStream part : parts) {
                part.close();
            }
        }
    }

    private static final class Tgz extends ExportWriter {
        private final Path file;
        private final TarArchiveOutputStream out;
        private final long modified;

        Tgz(Path file, long modified) throws IOException {
            this.file = file;
            this.modified = modified;
            out = new TarArchiveOutputStream(
                    new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 18), 1 << 16));
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            out.setAddPaxHeadersForNonAsciiNames(true);
        }

        @Override
        void stream(int part, String path, Body body) throws IOException {
            // A tar header needs the size, so the entry is written beside the archive first.
            Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), ".entry", ".tmp");
            try {
                try (OutputStream entry = new BufferedOutputStream(Files.newOutputStream(whole), 1 << 18)) {
                    body.write(entry);
                }
                header(path, Files.size(whole));
                Files.copy(whole, out);
                out.closeArchiveEntry();
            } finally {
                Files.deleteIfExists(whole);
            }
        }

        @Override
        void bytes(int part, String path, byte[] bytes) throws IOException {
            header(path, bytes.length);
            out.write(bytes);
            out.closeArchiveEntry();
        }

        private void header(String path, long size) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(path);
            entry.setSize(size);
            entry.setModTime(modified);
            out.putArchiveEntry(entry);
        }

        @Override
        List<Path> containers() {
            return List.of(file);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static final class Folder extends ExportWriter {
        private final Path root;

        Folder(Path root) {
            this.root = root;
        }

        @Override
        void stream(int part, String path, Body body) throws IOException {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(place(path)), 1 << 18)) {
                body.write(out);
            }
        }

        @Override
        void bytes(int part, String path, byte[] bytes) throws IOException {
            Files.write(place(path), bytes);
        }

        private Path place(String path) throws IOException {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            return file;
        }

        @Override
        List<Path> containers() {
            return List.of(root);
        }

        @Override
        public void close() {}
    }
}
