package io.datapunk.tiering.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Decision;
import io.datapunk.tiering.policy.Decision.Outcome;
import io.datapunk.tiering.policy.Heat;
import io.datapunk.tiering.policy.Observation;
import io.datapunk.tiering.policy.Placement;
import io.datapunk.tiering.policy.Rate;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The plans of a lake: files of JSON lines, a header and one line for each partition. Files, not a Delta table, because
 * planning then needs no Spark and takes two seconds instead of twenty, and because a person can read and compare them.
 *
 * <p>While a plan is carried out, {@code <id>.applying} lies beside it: what an interrupted run leaves behind.
 */
public final class PlanStore {
    private static final int FORMAT = 1;
    private static final String PLAN = ".ndjson";
    private static final String APPLYING = ".applying";
    private static final Pattern ID = Pattern.compile("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path folder;

    public PlanStore(LakeHome home) {
        this.folder = home.local().resolve("plans");
    }

    /** Stores a plan; the same plan again changes nothing. */
    public void write(TierPlan plan) {
        Path file = file(plan.id(), PLAN);
        Path underWay = file(plan.id(), ".new");
        try {
            Files.createDirectories(folder);
            try (BufferedWriter writer = Files.newBufferedWriter(underWay, StandardCharsets.UTF_8)) {
                writer.write(header(plan).toString());
                writer.write('\n');
                for (PlannedPartition partition : plan.partitions()) {
                    writer.write(row(partition).toString());
                    writer.write('\n');
                }
            }
            Files.move(underWay, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("plan " + plan.id() + " cannot be stored", e);
        }
    }

    /**
     * Reads a stored plan.
     *
     * @throws LakeException (usage) where there is none of this id
     */
    public TierPlan read(String id) {
        if (!ID.matcher(id).matches()) {
            throw LakeException.usage(
                    "'" + id + "' is not a plan's id",
                    "it has to match " + ID.pattern(),
                    "take it from `lake tier plan`");
        }
        try (BufferedReader reader = Files.newBufferedReader(file(id, PLAN), StandardCharsets.UTF_8)) {
            JsonNode header = line(reader);
            if (header.path("format").asInt() != FORMAT) {
                throw new IOException("format " + header.path("format") + " instead of " + FORMAT);
            }
            long count = header.get("partitions").asLong();
            List<PlannedPartition> partitions = new ArrayList<>();
            for (long row = 0; row < count; row++) {
                partitions.add(partition(line(reader)));
            }
            Map<DatasetName, Long> versions = new TreeMap<>();
            header.get("versions")
                    .fields()
                    .forEachRemaining(entry -> versions.put(
                            DatasetName.parse(entry.getKey()), entry.getValue().asLong()));
            return new TierPlan(
                    id,
                    instant(header, "now"),
                    header.get("policy").asText(),
                    header.get("rules").asText(),
                    versions,
                    new Observation(instant(header, "since"), instant(header, "through")),
                    partitions);
        } catch (NoSuchFileException e) {
            throw LakeException.usage(
                    "there is no plan " + id, folder + " does not hold it", "make one with `lake tier plan`");
        } catch (IOException e) {
            throw failed("plan " + id + " cannot be read", e);
        }
    }

    /** Notes that a plan is being carried out. */
    public void begin(TierPlan plan) {
        try {
            Files.createDirectories(folder);
            Files.writeString(file(plan.id(), APPLYING), plan.id() + "\n");
        } catch (IOException e) {
            throw failed("the beginning of plan " + plan.id() + " cannot be noted", e);
        }
    }

    /** Notes that a plan was carried out to its end, whatever became of its moves. */
    public void end(TierPlan plan) {
        try {
            Files.deleteIfExists(file(plan.id(), APPLYING));
        } catch (IOException e) {
            throw failed("the end of plan " + plan.id() + " cannot be noted", e);
        }
    }

    /** The plans that were begun and not ended, oldest first: their runs died. */
    public List<TierPlan> interrupted() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(APPLYING))
                    .map(name -> name.substring(0, name.length() - APPLYING.length()))
                    .sorted()
                    .map(this::read)
                    .toList();
        } catch (IOException e) {
            throw failed("the plans cannot be listed", e);
        }
    }

    private Path file(String id, String ending) {
        return folder.resolve(id + ending);
    }

    private LakeException failed(String problem, IOException e) {
        return LakeException.failed(
                problem,
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "make " + folder + " writable and give it free space",
                e);
    }

    private static ObjectNode header(TierPlan plan) {
        ObjectNode header = MAPPER.createObjectNode();
        header.put("format", FORMAT);
        header.put("id", plan.id());
        header.put("now", plan.now().toString());
        header.put("policy", plan.policy());
        header.put("rules", plan.rules());
        ObjectNode versions = header.putObject("versions");
        plan.versions().forEach((dataset, version) -> versions.put(dataset.toString(), version));
        header.put("since", plan.observation().since().toString());
        header.put("through", plan.observation().through().toString());
        header.put("partitions", plan.partitions().size());
        return header;
    }

    static ObjectNode row(PlannedPartition partition) {
        Decision decision = partition.decision();
        ObjectNode row = MAPPER.createObjectNode();
        row.put("partition", decision.partition().toString());
        row.put("from", decision.from().name());
        row.put("outcome", decision.outcome().name());
        decision.to().ifPresent(to -> row.put("to", to.name()));
        row.put("bytes", partition.bytes());
        row.put("rows", partition.rows());
        row.put("bytes_to_copy", decision.bytesToCopy());
        row.put("file_set", partition.fileSetHash());
        row.put("written_at", partition.lastWritten().toString());
        row.put("hot_per_hour", decision.heat().hot().perHour());
        row.put("warm_per_hour", decision.heat().warm().perHour());
        row.put("cold_per_hour", decision.heat().cold().perHour());
        decision.heat().lastAccess().ifPresent(last -> row.put("last_access", last.toString()));
        row.put("reason", decision.reason());
        return row;
    }

    private static PlannedPartition partition(JsonNode row) {
        return new PlannedPartition(
                new Decision(
                        PartitionName.parse(row.get("partition").asText()),
                        Placement.valueOf(row.get("from").asText()),
                        Outcome.valueOf(row.get("outcome").asText()),
                        Optional.ofNullable(row.get("to")).map(JsonNode::asText).map(Tier::valueOf),
                        row.get("bytes_to_copy").asLong(),
                        new Heat(
                                new Rate(row.get("hot_per_hour").asDouble()),
                                new Rate(row.get("warm_per_hour").asDouble()),
                                new Rate(row.get("cold_per_hour").asDouble()),
                                Optional.ofNullable(row.get("last_access"))
                                        .map(JsonNode::asText)
                                        .map(Instant::parse)),
                        row.get("reason").asText()),
                row.get("file_set").asText(),
                row.get("bytes").asLong(),
                row.get("rows").asLong(),
                instant(row, "written_at"));
    }

    private static Instant instant(JsonNode json, String field) {
        return Instant.parse(json.get(field).asText());
    }

    private static JsonNode line(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("the file ends too early");
        }
        return MAPPER.readTree(line);
    }
}
