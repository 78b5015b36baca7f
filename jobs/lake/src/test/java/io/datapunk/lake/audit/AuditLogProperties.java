package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.audit.AuditVerification.Damage;
import io.datapunk.lake.storage.FolderTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AuditLogProperties {
    @Property(tries = 50)
    void whateverIsAppendedIsFoundIntact(@ForAll("events") @Size(max = 6) List<AuditEvent> events) {
        inNewLog(events, (log, folder) -> {
            AuditVerification found = log.verify();
            assertThat(found.damage()).isEmpty();
            assertThat(found.entries()).isEqualTo(events.size());
            assertThat(found.unfinishedBytes()).isZero();
        });
    }

    @Property(tries = 150)
    void anAlteredByteIsFoundAndLocated(
            @ForAll("events") @Size(min = 1, max = 5) List<AuditEvent> events,
            @ForAll @IntRange(max = 1_000_000) int where,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        inNewLog(events, (log, folder) -> {
            byte[] bytes = Files.readAllBytes(folder.resolve("log.ndjson"));
            int at = where % bytes.length;
            bytes[at] ^= (byte) change;
            expectDamageAt(lineOf(bytes, at), log, folder, bytes);
        });
    }

    @Property(tries = 150)
    void aDroppedByteIsFoundAndLocated(
            @ForAll("events") @Size(min = 1, max = 5) List<AuditEvent> events,
            @ForAll @IntRange(max = 1_000_000) int where) {
        inNewLog(events, (log, folder) -> {
            byte[] bytes = Files.readAllBytes(folder.resolve("log.ndjson"));
            int at = where % bytes.length;
            int line = lineOf(bytes, at);
            byte[] shorter = new byte[bytes.length - 1];
            System.arraycopy(bytes, 0, shorter, 0, at);
            System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
            expectDamageAt(line, log, folder, shorter);
        });
    }

    @Property(tries = 60)
    void aLogThatLostItsEndIsFound(
            @ForAll("events") @Size(min = 1, max = 5) List<AuditEvent> events,
            @ForAll @IntRange(max = 1_000_000) int where) {
        inNewLog(events, (log, folder) -> {
            byte[] bytes = Files.readAllBytes(folder.resolve("log.ndjson"));
            int at = where % bytes.length;
            expectDamageAt(lineOf(bytes, at), log, folder, Arrays.copyOf(bytes, at));
        });
    }

    @Property(tries = 60)
    void droppedOrReorderedEntriesAreFoundAndLocated(
            @ForAll("events") @Size(min = 2, max = 6) List<AuditEvent> events,
            @ForAll @IntRange(max = 1000) int one,
            @ForAll @IntRange(max = 1000) int two,
            @ForAll boolean swap) {
        inNewLog(events, (log, folder) -> {
            List<byte[]> lines = lines(Files.readAllBytes(folder.resolve("log.ndjson")));
            int first = one % lines.size();
            int second = (first + 1 + two % (lines.size() - 1)) % lines.size();
            if (swap) {
                byte[] kept = lines.set(first, lines.get(second));
                lines.set(second, kept);
            } else {
                lines.remove(first);
            }
            expectDamageAt((swap ? Math.min(first, second) : first) + 1, log, folder, join(lines));
        });
    }

    @Property(tries = 100)
    void aTornEntryIsRecordedAndTheChainGoesOn(
            @ForAll("events") @Size(min = 1, max = 4) List<AuditEvent> events,
            @ForAll("event") AuditEvent lost,
            @ForAll("event") AuditEvent next,
            @ForAll @IntRange(max = 1_000_000) int where) {
        inNewLog(events, (log, folder) -> {
            byte[] head = Files.readAllBytes(folder.resolve("head"));
            int whole = (int) Files.size(folder.resolve("log.ndjson"));
            log.append(lost);
            byte[] bytes = Files.readAllBytes(folder.resolve("log.ndjson"));
            // With all of its bytes but the line feed it is the next case's.
            int torn = 1 + where % (bytes.length - whole - 2);
            Files.write(folder.resolve("log.ndjson"), Arrays.copyOf(bytes, whole + torn));
            Files.write(folder.resolve("head"), head);

            assertThat(log.verify().damage()).isEmpty();
            assertThat(log.verify().unfinishedBytes()).isEqualTo(torn);
            assertThat(log.append(next)).isEqualTo(events.size() + 1);

            AuditVerification found = log.verify();
            assertThat(found.damage()).isEmpty();
            assertThat(found.unfinishedBytes()).isZero();
            List<byte[]> lines = lines(Files.readAllBytes(folder.resolve("log.ndjson")));
            AuditEntry recovered =
                    AuditEntry.decode(chomp(lines.get(events.size() + 1))).orElseThrow();
            assertThat(recovered.action()).isEqualTo("audit.recovered");
            assertThat(recovered.detail("offset")).isEqualTo(Integer.toString(whole));
            assertThat(recovered.detail("bytes")).isEqualTo(Integer.toString(torn + 1));

            byte[] altered = Files.readAllBytes(folder.resolve("log.ndjson"));
            altered[whole] ^= 1;
            expectDamageAt(events.size() + 1, log, folder, altered);
        });
    }

    @Property(tries = 50)
    void anEntryThatLacksOnlyItsLineFeedIsOne(
            @ForAll("events") @Size(min = 1, max = 4) List<AuditEvent> events,
            @ForAll("event") AuditEvent torn,
            @ForAll("event") AuditEvent next) {
        inNewLog(events, (log, folder) -> {
            byte[] head = Files.readAllBytes(folder.resolve("head"));
            log.append(torn);
            byte[] bytes = Files.readAllBytes(folder.resolve("log.ndjson"));
            Files.write(folder.resolve("log.ndjson"), chomp(bytes));
            Files.write(folder.resolve("head"), head);

            assertThat(log.append(next)).isEqualTo(events.size() + 1);

            assertThat(log.verify().damage()).isEmpty();
            assertThat(log.verify().unfinishedBytes()).isZero();
            assertThat(Arrays.copyOf(Files.readAllBytes(folder.resolve("log.ndjson")), bytes.length))
                    .isEqualTo(bytes);
        });
    }

    private static void expectDamageAt(int line, AuditLog log, Path folder, byte[] bytes) throws IOException {
        Files.write(folder.resolve("log.ndjson"), bytes);
        assertThat(log.verify().damage()).get().extracting(Damage::line).isEqualTo((long) line);
    }

    private static int lineOf(byte[] bytes, int offset) {
        int line = 1;
        for (int i = 0; i < offset; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    private static List<byte[]> lines(byte[] bytes) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lines.add(Arrays.copyOfRange(bytes, from, i + 1));
                from = i + 1;
            }
        }
        return lines;
    }

    private static byte[] join(List<byte[]> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        lines.forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    private static byte[] chomp(byte[] line) {
        return Arrays.copyOf(line, line.length - 1);
    }

    @Provide
    Arbitrary<List<AuditEvent>> events() {
        return event().list();
    }

    @Provide
    Arbitrary<AuditEvent> event() {
        Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(12);
        Arbitrary<Map<String, String>> details = Arbitraries.maps(texts, texts).ofMaxSize(3);
        return Combinators.combine(texts, texts, details)
                .as((actor, subject, detail) ->
                        new AuditEvent(Instant.parse("2026-01-01T00:00:00Z"), actor, "test.append", subject, detail));
    }

    private interface Check {
        void run(AuditLog log, Path folder) throws IOException;
    }

    private static void inNewLog(List<AuditEvent> events, Check check) {
        try {
            Path folder = Files.createTempDirectory("audit");
            try {
                AuditLog log = new AuditLog(folder, Duration.ofSeconds(5));
                events.forEach(log::append);
                check.run(log, folder);
            } finally {
                FolderTree.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
