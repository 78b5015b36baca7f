package io.datapunk.archive.expire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.archive.retention.Decision.Outcome;
import io.datapunk.archive.retention.Subject;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.RetentionConfig.Kind;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The plans, each a file of JSON lines named after its content: {@code plans/expire/<id>.ndjson} of the local folder. */
final class ExpiryPlanStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path folder;

    ExpiryPlanStore(LakeHome home) {
        this.folder = home.local().resolve("plans").resolve("expire");
    }

    /** The first line. */
    private record Header(int format, String now, int rows) {
        private static final int CURRENT = 1;
    }

    /** As it stands in the file: null where something is empty, but for what older plans do not have. */
    private record Line(
            String kind,
            String subject,
            String outcome,
            String retentionClass,
            String dueAt,
            Long rows,
            long bytes,
            String fingerprint,
            Long deltaVersion,
            @JsonInclude(JsonInclude.Include.NON_NULL) String enteredBefore,
            String reason) {
        private static Line of(PlannedExpiry row) {
            return new Line(
                    row.subject().kind().name(),
                    row.subject().name(),
                    row.outcome().name(),
                    row.retentionClass().orElse(null),
                    row.dueAt().map(Instant::toString).orElse(null),
                    row.rows().isPresent() ? row.rows().getAsLong() : null,
                    row.bytes(),
                    row.fingerprint(),
                    row.deltaVersion().isPresent() ? row.deltaVersion().getAsLong() : null,
                    row.enteredBefore().map(Instant::toString).orElse(null),
                    row.reason());
        }

        private PlannedExpiry toRow() {
            return new PlannedExpiry(
                    new Subject(Kind.valueOf(kind), subject),
                    Outcome.valueOf(outcome),
                    Optional.ofNullable(retentionClass),
                    Optional.ofNullable(dueAt).map(Instant::parse),
                    rows == null ? OptionalLong.empty() : OptionalLong.of(rows),
                    bytes,
                    fingerprint,
                    deltaVersion == null ? OptionalLong.empty() : OptionalLong.of(deltaVersion),
                    Optional.ofNullable(enteredBefore).map(Instant::parse),
                    reason);
        }
    }

    /** The plan that these rows are; the same rows at the same time are the same one. */
    static ExpiryPlan plan(Instant now, List<PlannedExpiry> rows) {
        return new ExpiryPlan(
                TIME.format(now) + "-" + sha256(content(now, rows)).substring(0, 8), now, rows);
    }

    /** SHA-256 of the file, which an approval is of. */
    static String sha256(ExpiryPlan plan) {
        return sha256(content(plan.now(), plan.rows()));
    }

    void write(ExpiryPlan plan) {
        try {
            Files.createDirectories(folder);
            Path next = folder.resolve(plan.id() + ".new");
            Files.write(next, content(plan.now(), plan.rows()));
            Files.move(next, file(plan.id()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("plan " + plan.id() + " cannot be stored", e);
        }
    }

    /** @throws LakeException (usage) where there is none of this id, (failed) where it is not the one of this id any more */
    ExpiryPlan read(String id) {
        if (!ID.matcher(id).matches()) {
            throw LakeException.usage(
                    "'" + id + "' is not a plan's id",
                    "it has to match " + ID.pattern(),
                    "take it from `lake archive expire`");
        }
        try {
            List<String> lines = Files.readAllLines(file(id), StandardCharsets.UTF_8);
            Header header = JSON.readValue(lines.get(0), Header.class);
            if (header.format() != Header.CURRENT || header.rows() != lines.size() - 1) {
                throw new IOException("its first line does not fit the others: " + lines.get(0));
            }
            List<PlannedExpiry> rows = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                rows.add(JSON.readValue(line, Line.class).toRow());
            }
            ExpiryPlan plan = plan(Instant.parse(header.now()), rows);
            if (!plan.id().equals(id)) {
                throw new IOException("its content is that of a plan " + plan.id());
            }
            return plan;
        } catch (NoSuchFileException e) {
            throw LakeException.usage(
                    "there is no plan " + id, folder + " does not hold it", "make one with `lake archive expire`");
        } catch (IOException | RuntimeException e) {
            throw failed("plan " + id + " cannot be read", e);
        }
    }

    private static byte[] content(Instant now, List<PlannedExpiry> rows) {
        try {
            StringBuilder text = new StringBuilder(
                            JSON.writeValueAsString(new Header(Header.CURRENT, now.toString(), rows.size())))
                    .append('\n');
            for (PlannedExpiry row : rows) {
                text.append(JSON.writeValueAsString(Line.of(row))).append('\n');
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are JSON", e);
        }
    }

    private static String sha256(byte[] content) {
        return Sha256.hex(content);
    }

    private Path file(String id) {
        return folder.resolve(id + ".ndjson");
    }

    private LakeException failed(String problem, Exception e) {
        return LakeException.failed(
                problem,
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "make " + folder + " readable and writable, or make a new plan with `lake archive expire`",
                e);
    }
}
