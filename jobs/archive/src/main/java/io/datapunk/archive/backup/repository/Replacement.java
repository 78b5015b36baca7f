package io.datapunk.archive.backup.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.datapunk.lake.model.RowChecksum;
import java.io.IOException;
import java.util.Optional;

/**
 * What every restore point has from now on in the place of an object.
 *
 * @param object id of the one in its place; empty where nothing is left
 * @param rows in it
 * @param checksum of these rows, 32 hexadecimal digits; empty where it is not known
 */
public record Replacement(String object, long rows, String checksum) {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    /** In whose place nothing is left. */
    static final Replacement NOTHING = new Replacement("", 0, RowChecksum.ZERO.hex());

    public boolean isNothing() {
        return object.isEmpty();
    }

    /** What its rows add to their table's checksum, where that is known. */
    public Optional<RowChecksum> rowChecksum() {
        return checksum.isEmpty()
                ? Optional.empty()
                : Optional.of(new RowChecksum(
                        rows,
                        Long.parseUnsignedLong(checksum.substring(0, 16), 16),
                        Long.parseUnsignedLong(checksum.substring(16), 16)));
    }

    byte[] toBytes() {
        try {
            return JSON.writeValueAsBytes(new Line(object, rows, checksum));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and a number are JSON", e);
        }
    }

    static Replacement parse(byte[] bytes) throws IOException {
        Line line = JSON.readValue(bytes, Line.class);
        return new Replacement(line.object, line.rows, line.checksum);
    }

    private record Line(String object, long rows, String checksum) {}
}
