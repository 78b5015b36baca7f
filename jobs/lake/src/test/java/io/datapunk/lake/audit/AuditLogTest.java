package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.OtherJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final Instant AT = Instant.parse("2026-01-31T23:59:59.123456Z");

    @TempDir
    private Path home;

    private AuditLog log;
    private Path file;

    @BeforeEach
    void openLog() {
        log = new AuditLog(home.resolve("audit"), Duration.ofSeconds(10));
        file = home.resolve("audit/log.ndjson");
    }

    @Test
    void theFormatIsTheOneThatIsDocumented() {
        assertThat(log.append(new AuditEvent(
                        AT,
                        "tiering",
                        "tiering.retire",
                        "user_data.activity/month=2026-01",
                        Map.of("files", "2", "copy", "Zürich"))))
                .isZero();
        assertThat(log.append(new AuditEvent(AT, "tiering", "tiering.retire", "lake.users", Map.of())))
                .isEqualTo(1);

        // Hashes from: printf '\0%s' '<payload>' | sha256sum
        assertThat(file).hasContent("""
                        {"sequence":0,"previous":"0000000000000000000000000000000000000000000000000000000000000000","at":"2026-01-31T23:59:59.123456Z","actor":"tiering","action":"tiering.retire","subject":"user_data.activity/month=2026-01","details":{"copy":"Z\\u00FCrich","files":"2"},"hash":"3c2e16b0ac185af5af60cb88071880698cacbb547ab5d2a8e0bb118054e4435a"}
                        {"sequence":1,"previous":"3c2e16b0ac185af5af60cb88071880698cacbb547ab5d2a8e0bb118054e4435a","at":"2026-01-31T23:59:59.123456Z","actor":"tiering","action":"tiering.retire","subject":"lake.users","details":{},"hash":"ab1bb500aa37decfc2716ba49c41a2cfce63dbea5082a4b8dc07c413a453c95c"}
                        """);
    }

    @Test
    void aLogThatDoesNotExistIsEmptyAndIntact() {
        assertThat(log.verify().intact()).isTrue();
        assertThat(log.verify().entries()).isZero();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void anEntryOfWhichTheHeadDoesNotKnowYetIsKept() throws IOException {
        append(1);
        byte[] head = Files.readAllBytes(home.resolve("audit/head"));
        append(1);
        Files.write(home.resolve("audit/head"), head);

        append(1);

        assertThat(log.verify().entries()).isEqualTo(3);
        assertThat(log.verify().intact()).isTrue();
    }

    @Test
    void aCrashInTheMiddleOfARecoveryIsRecoveredFromAsWell() throws IOException {
        append(1);
        Files.writeString(file, "{\"sequence\":1,\"prev", StandardOpenOption.APPEND);
        append(1);
        byte[] whole = Files.readAllBytes(file);
        int end = new String(whole, StandardCharsets.US_ASCII).indexOf("audit.recovered") + 5;
        rewind(whole, end);

        append(1);

        assertThat(log.verify().intact()).isTrue();
        assertThat(log.verify().entries()).isEqualTo(3);
        assertThat(Files.readAllLines(file))
                .hasSize(5)
                .filteredOn(line -> line.contains("audit.recovered\",\"subject"))
                .singleElement()
                .asString()
                .contains(
                        "\"bytes\":\"" + (end - firstLine(whole) + 1) + "\"",
                        "\"offset\":\"" + firstLine(whole) + "\"");
    }

    @Test
    void nothingIsDestroyedOverADamagedLog() throws IOException {
        append(3);
        Files.writeString(file, Files.readString(file).replace("\"subject\":\"s1\"", "\"subject\":\"s9\"") + "x");

        LakeException refused = catchThrowableOfType(LakeException.class, () -> append(1));

        assertThat(refused.problem()).contains("is damaged, and nothing is destroyed without one");
        assertThat(refused.reason()).startsWith("line 2 (byte ").endsWith("): entry 1 is altered");
    }

    @Test
    void aMissingHeadIsDamage() throws IOException {
        append(2);
        Files.delete(home.resolve("audit/head"));

        assertThat(log.verify().damage().orElseThrow().what()).isEqualTo("the file 'head' is missing or altered");
        assertThatThrownBy(() -> append(1)).isInstanceOf(LakeException.class).hasMessageContaining("head");
    }

    @Test
    void aLogThatWasRemovedAltogetherIsDamage() throws IOException {
        append(2);
        Files.delete(file);

        assertThat(log.verify().damage().orElseThrow().what())
                .isEqualTo("entry 0 and what follows is missing; the head counts 2");
        assertThatThrownBy(() -> append(1)).isInstanceOf(LakeException.class).hasMessageContaining("missing");
    }

    @Test
    void manyThreadsAndAnotherProcessAppendOneChain() throws Exception {
        Process other =
                OtherJvm.start(AppendManyEntries.class, home.resolve("audit").toString(), "20");
        IntStream.range(0, 4).parallel().forEach(thread -> append(5));

        assertThat(other.waitFor()).isZero();
        assertThat(log.verify().intact()).isTrue();
        assertThat(log.verify().entries()).isEqualTo(40);
    }

    /** Run in a JVM of its own. */
    static final class AppendManyEntries {
        public static void main(String[] args) {
            AuditLog log = new AuditLog(Path.of(args[0]), Duration.ofSeconds(10));
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                log.append(new AuditEvent(AT, "other", "test.append", "s" + i, Map.of()));
            }
        }
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            log.append(new AuditEvent(AT, "test", "test.append", "s" + i, Map.of("bytes", "1")));
        }
    }

    private static int firstLine(byte[] log) {
        return new String(log, StandardCharsets.US_ASCII).indexOf('\n') + 1;
    }

    /** Brings log and head to where they were when the log was cut off at {@code end}, one entry being whole. */
    private void rewind(byte[] log, int end) throws IOException {
        byte[] first = Arrays.copyOf(log, firstLine(log));
        Files.write(file, Arrays.copyOf(log, end));
        String line = new String(first, StandardCharsets.US_ASCII);
        String hash = line.substring(line.length() - 67, line.length() - 3);
        List<String> head = List.of("1 " + first.length + " " + hash);
        Files.write(home.resolve("audit/head"), head);
    }
}
