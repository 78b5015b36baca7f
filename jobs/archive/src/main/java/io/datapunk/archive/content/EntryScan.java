package io.datapunk.archive.content;

import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads an entry once and cuts it into chunks. */
public final class EntryScan {
    private EntryScan() {}

    /** Closes the stream. */
    public static ScannedEntry of(String path, InputStream in) throws IOException {
        MessageDigest whole = Sha256.digest();
        List<Chunk> chunks = new ArrayList<>();
        long bytes = 0;
        try (ChunkReader reader = new ChunkReader(in)) {
            while (reader.next()) {
                chunks.add(reader.chunk());
                whole.update(reader.buffer(), reader.from(), reader.length());
                bytes += reader.length();
            }
        }
        // Most entries are one chunk; their two hashes are one text.
        String sha256 =
                chunks.size() == 1 ? chunks.get(0).sha256() : HexFormat.of().formatHex(whole.digest());
        return new ScannedEntry(path, bytes, sha256, chunks);
    }
}
