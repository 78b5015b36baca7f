package io.datapunk.tiering.heat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the spool: somebody touched a partition, or a whole table.
 *
 * @param partition a partition's name, or {@code schema.dataset/*}
 * @param accesses how many; a query counts once however many its lines say
 * @param filters columns that the query filtered the table by
 */
public record AccessLine(
        Instant at,
        String partition,
        String origin,
        long accesses,
        Optional<String> principal,
        Optional<String> queryId,
        List<String> filters) {
    static final String WHOLE_TABLE = "/*";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectReader READER = MAPPER.reader();
    private static final Set<String> ORIGINS = Set.of("spark", "postgres", "s3", "import");

    /** Clocks of several machines differ by so much without harm; such times count as now. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /** The access log keeps a year. */
    static final Duration OLDEST = Duration.ofDays(365);

    public AccessLine {
        filters = List.copyOf(filters);
    }

    /** Of a source that does not tell what was filtered by. */
    public AccessLine(
            Instant at,
            String partition,
            String origin,
            long accesses,
            Optional<String> principal,
            Optional<String> queryId) {
        this(at, partition, origin, accesses, principal, queryId, List.of());
    }

    /** The dataset of a scan of a whole table, empty for a single partition. */
    Optional<DatasetName> wholeTable() {
        return partition.endsWith(WHOLE_TABLE)
                ? Optional.of(DatasetName.parse(partition.substring(0, partition.length() - WHOLE_TABLE.length())))
                : Optional.empty();
    }

    DatasetName dataset() {
        return wholeTable().orElseGet(() -> PartitionName.parse(partition).dataset());
    }

    /** The line as it stands in the spool, without its line feed. */
    public String toJson() {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("at", at.toString());
        json.put("partition", partition);
        json.put("origin", origin);
        if (accesses != 1) {
            json.put("accesses", accesses);
        }
        principal.ifPresent(value -> json.put("principal", value));
        queryId.ifPresent(value -> json.put("query_id", value));
        if (!filters.isEmpty()) {
            filters.forEach(json.putArray("filters")::add);
        }
        return json.toString();
    }

    /**
     * Reads a line.
     *
     * @param now what counts as the present
     * @throws FutureLineException where its time has not come
     * @throws MalformedLineException with the reason, where the line says nothing usable
     */
    static AccessLine parse(String text, Instant now) throws MalformedLineException {
        JsonNode json;
        try {
            json = READER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new MalformedLineException("is not JSON: " + e.getOriginalMessage());
        }
        if (json == null || !json.isObject()) {
            throw new MalformedLineException("is not a JSON object");
        }
        String partition = required(json, "partition");
        String origin = required(json, "origin");
        if (!ORIGINS.contains(origin)) {
            throw new MalformedLineException("has origin '" + origin + "', not one of spark, postgres, s3, import");
        }
        AccessLine line = new AccessLine(
                time(json, now),
                partition,
                origin,
                accesses(json),
                optional(json, "principal"),
                optional(json, "query_id"),
                filters(json));
        try {
            DatasetName unused = line.dataset();
        } catch (LakeException e) {
            throw new MalformedLineException("has partition '" + partition + "': " + e.reason());
        }
        return line;
    }

    private static Instant time(JsonNode json, Instant now) throws MalformedLineException {
        Instant at;
        try {
            at = Instant.parse(required(json, "at"));
        } catch (DateTimeParseException e) {
            throw new MalformedLineException("has at '" + json.get("at").asText() + "', not an ISO-8601 time in UTC");
        }
        if (at.isAfter(now.plus(CLOCK_SKEW))) {
            throw new FutureLineException(at, now);
        }
        if (at.isBefore(now.minus(OLDEST))) {
            throw new MalformedLineException("has at " + at + ", more than " + OLDEST.toDays() + " d before " + now);
        }
        return at.isAfter(now) ? now : at;
    }

    private static long accesses(JsonNode json) throws MalformedLineException {
        JsonNode accesses = json.get("accesses");
        if (accesses == null || accesses.isNull()) {
            return 1;
        }
        if (!accesses.canConvertToLong() || !accesses.isIntegralNumber() || accesses.asLong() < 1) {
            throw new MalformedLineException("has accesses " + accesses + ", not a whole number from 1");
        }
        return accesses.asLong();
    }

    /** Whatever is no list of texts tells nothing; the access it does not spoil. */
    private static List<String> filters(JsonNode json) {
        List<String> columns = new ArrayList<>();
        json.path("filters").forEach(column -> {
            if (column.isTextual()) {
                columns.add(column.asText());
            }
        });
        return columns;
    }

    private static String required(JsonNode json, String field) throws MalformedLineException {
        return optional(json, field).orElseThrow(() -> new MalformedLineException("has no text in '" + field + "'"));
    }

    private static Optional<String> optional(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null || !value.isTextual() || value.asText().isBlank()
                ? Optional.empty()
                : Optional.of(value.asText());
    }
}
