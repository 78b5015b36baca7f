package io.datapunk.lake.container;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A part of a file, over a channel of its own. */
final class FileStream extends SeekableStream {
    private final FileChannel channel;

    private FileStream(FileChannel channel, long from, long end) {
        super(from, end);
        this.channel = channel;
    }

    /** Takes the channel over: it is closed with the stream. */
    static FileStream over(FileChannel channel, long from, long end) {
        return new FileStream(channel, from, end);
    }

    static FileStream whole(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new FileStream(channel, 0, channel.size());
    }

    @Override
    int readAt(long at, byte[] target, int from, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(target, from, length), at);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
