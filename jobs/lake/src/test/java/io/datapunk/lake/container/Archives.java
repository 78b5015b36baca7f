package io.datapunk.lake.container;

import io.datapunk.lake.model.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Makes archives for tests, honest and hostile. */
final class Archives {
    private Archives() {}

    static ContainerIndex open(Path... parts) {
        Path first = parts[0].toAbsolutePath();
        return Container.open(
                Arrays.asList(parts),
                SafetyLimits.DEFAULT,
                new Staging(first.resolveSibling("staging"), 0),
                Progress.NONE);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A zip under way. */
    static final class Zip implements AutoCloseable {
        private final ZipArchiveOutputStream out;

        Zip(Path file) throws IOException {
            out = new ZipArchiveOutputStream(file);
        }

        /** To a pipe: sizes stand behind the data, in a data descriptor. */
        Zip(OutputStream pipe) {
            out = new ZipArchiveOutputStream(pipe);
        }

        Zip zip64() {
            out.setUseZip64(Zip64Mode.Always);
            return this;
        }

        Zip deflated(String name, byte[] bytes) throws IOException {
            return entry(name, bytes, entry -> entry.setMethod(ZipArchiveEntry.DEFLATED));
        }

        Zip stored(String name, byte[] bytes) throws IOException {
            return entry(name, bytes, entry -> {
                java.util.zip.CRC32 crc = new java.util.zip.CRC32();
                crc.update(bytes);
                entry.setMethod(ZipArchiveEntry.STORED);
                entry.setSize(bytes.length);
                entry.setCrc(crc.getValue());
            });
        }

        Zip entry(String name, byte[] bytes, Consumer<ZipArchiveEntry> set) throws IOException {
            ZipArchiveEntry entry = new ZipArchiveEntry(name);
            set.accept(entry);
            out.putArchiveEntry(entry);
            out.write(bytes);
            out.closeArchiveEntry();
            return this;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** A tar under way. */
    static final class Tar implements AutoCloseable {
        private final TarArchiveOutputStream out;

        Tar(Path file, boolean gzipped) throws IOException {
            OutputStream bytes = Files.newOutputStream(file);
            out = new TarArchiveOutputStream(gzipped ? new GZIPOutputStream(bytes) : bytes, "UTF-8");
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setAddPaxHeadersForNonAsciiNames(true);
        }

        Tar file(String name, byte[] bytes) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(bytes.length);
            out.putArchiveEntry(entry);
            out.write(bytes);
            out.closeArchiveEntry();
            return this;
        }

        Tar link(String name, String target, byte type) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name, type);
            entry.setLinkName(target);
            out.putArchiveEntry(entry);
            out.closeArchiveEntry();
            return this;
        }

        Tar symlink(String name, String target) throws IOException {
            return link(name, target, TarConstants.LF_SYMLINK);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
