package io.datapunk.tiering.heat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Observation;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The accesses of the last window by partition and hour, in one small file beside the spool: what plan and status read, so
 * that neither starts Spark. Derived from {@code lake.access_hours}, and rewritten by every {@code lake heat}.
 *
 * @param accessHoursVersion the version of {@code lake.access_hours} that it was derived from
 * @param observation when accesses were recorded and taken in
 */
public record HeatSummary(long accessHoursVersion, Observation observation, Map<PartitionName, Accesses> accesses) {
    /** Nothing was ever taken in. */
    public static final HeatSummary NONE = new HeatSummary(-1, Observation.NONE, Map.of());

    private static final int FORMAT = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public HeatSummary {
        accesses = Map.copyOf(accesses);
    }

    public Accesses of(PartitionName partition) {
        return accesses.getOrDefault(partition, Accesses.NONE);
    }

    /** Where the summary of a lake lies. */
    static Path file(Path spool) {
        return spool.resolveSibling("heat.ndjson.gz");
    }

    /**
     * Reads the summary beside a spool; {@link #NONE} where there is none yet.
     *
     * @throws LakeException (failed) where the file is damaged
     */
    public static HeatSummary read(Path spool) {
        Path file = file(spool);
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            JsonNode header = MAPPER.readTree(required(reader.readLine()));
            if (header.path("format").asInt() != FORMAT) {
                throw new IOException("format " + header.path("format") + " instead of " + FORMAT);
            }
            long partitions = header.get("partitions").asLong();
            Map<PartitionName, Accesses> accesses = new HashMap<>();
            for (long line = 0; line < partitions; line++) {
                JsonNode json = MAPPER.readTree(required(reader.readLine()));
                accesses.put(PartitionName.parse(json.get("partition").asText()), accesses(json.get("hours")));
            }
            return new HeatSummary(
                    header.get("access_hours_version").asLong(),
                    new Observation(
                            Instant.parse(header.get("since").asText()),
                            Instant.parse(header.get("through").asText())),
                    accesses);
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (IOException | RuntimeException e) {
            throw LakeException.failed(
                    "the heat summary " + file + " cannot be read",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "delete it and run `lake heat`, which derives it anew",
                    e);
        }
    }

    /** Replaces the summary beside a spool. */
    void write(Path spool) throws IOException {
        Path file = file(spool);
        Files.createDirectories(file.getParent());
        Path underWay = file.resolveSibling(file.getFileName() + ".new");
        try (OutputStream out =
                new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(underWay)), 1 << 16)) {
            try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
                json.setRootValueSeparator(null);
                json.writeStartObject();
                json.writeNumberField("format", FORMAT);
                json.writeNumberField("access_hours_version", accessHoursVersion);
                json.writeStringField("since", observation.since().toString());
                json.writeStringField("through", observation.through().toString());
                json.writeNumberField("partitions", accesses.size());
                json.writeEndObject();
                json.writeRaw('\n');
                for (var partition : accesses.entrySet()) {
                    json.writeStartObject();
                    json.writeStringField("partition", partition.getKey().toString());
                    writeHours(json, partition.getValue());
                    json.writeEndObject();
                    json.writeRaw('\n');
                }
            }
        }
        Files.move(underWay, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Hours since the epoch and their counts by turns: the file stays small and quick to read. */
    private static void writeHours(JsonGenerator json, Accesses accesses) throws IOException {
        json.writeArrayFieldStart("hours");
        for (int bucket = 0; bucket < accesses.buckets(); bucket++) {
            json.writeNumber(accesses.hour(bucket));
            json.writeNumber(accesses.count(bucket));
        }
        json.writeEndArray();
    }

    private static Accesses accesses(JsonNode hours) {
        Map<Long, Long> counts = new HashMap<>();
        for (int index = 0; index + 1 < hours.size(); index += 2) {
            counts.put(hours.get(index).asLong(), hours.get(index + 1).asLong());
        }
        return Accesses.of(counts);
    }

    private static String required(String line) throws IOException {
        return Optional.ofNullable(line).orElseThrow(() -> new IOException("the file ends too early"));
    }
}
