package io.datapunk.lake.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The embedded server's log, and what somebody's rotation has made of older parts of it, as {@code postgres.log.1}. */
final class LogFolder implements ServerLog {
    private final Path folder;
    private final String name;

    LogFolder(Path log) {
        this.folder = log.getParent();
        this.name = log.getFileName().toString();
    }

    @Override
    public List<LogFile> files() throws IOException {
        List<LogFile> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(this::isOfTheLog).toList()) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                found.add(new LogFile(
                        file.getFileName().toString(),
                        attributes.size(),
                        attributes.lastModifiedTime().toInstant()));
            }
        } catch (NoSuchFileException rotatedMeanwhile) {
            return List.of();
        }
        found.sort(Comparator.comparing(LogFile::modifiedAt)
                .thenComparing(file -> file.name().equals(name)));
        return found;
    }

    private boolean isOfTheLog(Path file) {
        String found = file.getFileName().toString();
        return found.startsWith(name) && !found.endsWith(".gz");
    }

    @Override
    public byte[] read(String file, long offset, int length) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(folder.resolve(file))) {
            ByteBuffer block = ByteBuffer.allocate(length);
            channel.position(offset);
            while (block.hasRemaining() && channel.read(block) >= 0) {
                continue;
            }
            return Arrays.copyOf(block.array(), block.position());
        } catch (NoSuchFileException rotatedMeanwhile) {
            return new byte[0];
        }
    }
}
