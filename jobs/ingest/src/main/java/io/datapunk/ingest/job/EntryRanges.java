package io.datapunk.ingest.job;

import com.fasterxml.jackson.core.type.TypeReference;
import io.datapunk.ingest.framing.ByteRange;
import io.datapunk.ingest.framing.Framing;
import io.datapunk.ingest.framing.Splits;
import io.datapunk.lake.container.Learning;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Where an entry is divided between records.
 *
 * @param targetBytes about how long a range shall be
 */
record EntryRanges(Framing framing, long targetBytes) implements Learning<List<ByteRange>> {
    @Override
    public String name() {
        return framing + "/" + targetBytes;
    }

    @Override
    public TypeReference<List<ByteRange>> type() {
        return new TypeReference<>() {};
    }

    @Override
    public List<ByteRange> from(InputStream entry) throws IOException {
        return Splits.scan(framing, entry, targetBytes);
    }
}
