package io.datapunk.archive.bag;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.archive.content.Chunk;
import io.datapunk.archive.content.ChunkPlace;
import io.datapunk.archive.content.StoredEntry;
import io.datapunk.archive.content.StoredEntry.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of one owner: the content of his segment of the kind {@code INDEX}. UTF-8, a JSON object a line:
 *
 * <pre>{@code
 * {"entry":"Takeout/….json","bytes":N,"sha256":"…","chunks":[["<segment>",<offset>,<bytes>,"<sha256>"],…]}
 * }</pre>
 *
 * <p>An entry is its chunks, one after another; {@code offset} counts the bytes of the open segment.
 */
public final class PackageIndex {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PackageIndex() {}

    public static void write(List<StoredEntry> entries, OutputStream out) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.setRootValueSeparator(null);
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            for (StoredEntry entry : entries) {
                json.writeStartObject();
                json.writeStringField("entry", entry.path());
                json.writeNumberField("bytes", entry.bytes());
                json.writeStringField("sha256", entry.sha256());
                json.writeArrayFieldStart("chunks");
                for (Piece piece : entry.chunks()) {
                    json.writeStartArray();
                    json.writeString(piece.place().segment());
                    json.writeNumber(piece.place().offset());
                    json.writeNumber(piece.chunk().bytes());
                    json.writeString(piece.chunk().sha256());
                    json.writeEndArray();
                }
                json.writeEndArray();
                json.writeEndObject();
                json.writeRaw('\n');
            }
        }
    }

    /** @throws IOException where the stream is no index, or cannot be read */
    public static List<StoredEntry> read(InputStream in) throws IOException {
        List<StoredEntry> entries = new ArrayList<>();
        try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(in)) {
            while (lines.hasNextValue()) {
                JsonNode line = lines.nextValue();
                List<Piece> pieces = new ArrayList<>();
                for (JsonNode chunk : line.required("chunks")) {
                    pieces.add(new Piece(
                            new Chunk(
                                    chunk.required(3).textValue(),
                                    chunk.required(2).intValue()),
                            new ChunkPlace(
                                    chunk.required(0).textValue(),
                                    chunk.required(1).longValue())));
                }
                entries.add(new StoredEntry(
                        line.required("entry").textValue(),
                        line.required("bytes").longValue(),
                        line.required("sha256").textValue(),
                        pieces));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the list of entries lacks something: " + e.getMessage(), e);
        }
        return entries;
    }
}
