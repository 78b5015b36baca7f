package io.datapunk.analytics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.analytics.report.Attention.Item;
import io.datapunk.analytics.report.LakeReport.Audit;
import io.datapunk.analytics.report.LakeReport.Check;
import io.datapunk.analytics.report.LakeReport.Compliance;
import io.datapunk.analytics.report.LakeReport.Drill;
import io.datapunk.analytics.report.LakeReport.Expected;
import io.datapunk.analytics.report.LakeReport.Import;
import io.datapunk.analytics.report.LakeReport.Move;
import io.datapunk.analytics.report.LakeReport.Quarantined;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final Attention attention = new Attention(NOW);

    @Test
    void aLakeThatDoesWellWantsNobody() {
        attention.ofAudit(audit());
        attention.ofMoves(List.of(move("done")));
        attention.ofImports(List.of(imported("done"), imported("undone"), imported("running")));
        attention.ofChecks(List.of(check("user_data.media", true)));
        attention.ofDrill(Optional.of(new Drill(NOW, true, 1, 2, "")));
        attention.ofDrill(Optional.empty());
        attention.ofCompliance(List.of(compliance("age", 3.0, "", false)));

        assertThat(attention.items()).isEmpty();
    }

    @Test
    void whatIsBrokenComesFirst() {
        attention.ofMoves(List.of(move("failed"), move("done"), move("failed")));
        attention.ofImports(List.of(imported("failed")));
        attention.ofDrill(Optional.of(new Drill(NOW, false, 1, 2, "two rows are missing")));
        attention.ofAudit(audit("line 3 of audit.log was changed"));

        assertThat(attention.items())
                .extracting(item -> item.severity() + " " + item.section() + " " + item.text())
                .containsExactly(
                        "BROKEN ingest 1 import failed; hand the export in again, nothing comes twice",
                        "BROKEN upkeep The last restore drill was not passed: two rows are missing",
                        "BROKEN audit The audit log is damaged: line 3 of audit.log was changed",
                        "WARNING moves 2 moves failed; `lake tier apply` tries again");
    }

    @Test
    void reviewOfQuarantineIsDueAfterADay() {
        attention.ofQuarantine(List.of(
                quarantined(3, Duration.ofHours(25)), quarantined(5, Duration.ofHours(23)), quarantined(7, null)));

        assertThat(attention.items())
                .extracting(Item::text)
                .containsExactly("3 records in quarantine wait for more than 24 hours to be reviewed");
    }

    @Test
    void rulesThatDoNotHoldAreCountedByTable() {
        attention.ofChecks(List.of(
                check("user_data.media", false), check("imports.jobs", false), check("user_data.media", false)));

        assertThat(attention.items())
                .extracting(Item::text)
                .containsExactly(
                        "1 rule of quality does not hold in imports.jobs",
                        "2 rules of quality do not hold in user_data.media");
    }

    @Test
    void roomIsToldOfFromTheDayWhenLessThanAFifthIsLeft() {
        attention.ofCapacity(List.of(
                expected("home", 1, 79, 100.0),
                expected("home", 2, 81, 100.0),
                expected("home", 3, 99, 100.0),
                expected("local", 1, 80, 100.0),
                expected("unknown", 1, 1000, null)));

        assertThat(attention.items())
                .extracting(Item::text)
                .containsExactly("volume home will have less than a fifth of its room left in 2 days");
    }

    @Test
    void findingsOfComplianceSayWhatIsKnown() {
        attention.ofCompliance(List.of(
                compliance("days_since_the_last", null, "none was held yet", true),
                compliance("hours_since_the_newest", 30.0, "24 hours are allowed", true),
                compliance("events", 1200.0, "", true)));

        assertThat(attention.items())
                .extracting(Item::text)
                .containsExactly(
                        "backups, drill: none was held yet",
                        "backups, drill: 30 hours since the newest; 24 hours are allowed",
                        "backups, drill: 1,200 events");
    }

    private static Audit audit(String... damages) {
        return new Audit(3, "root", 3, 1, "", "", "", List.of(), List.of(damages));
    }

    private static Move move(String state) {
        return new Move(NOW, "user_data.media/month=2026-01", "WARM", "COLD", state, 1, "no access", null);
    }

    private static Import imported(String status) {
        return new Import(NOW, "import", status, 1, 1, 0, 0, 10);
    }

    private static Quarantined quarantined(long records, Duration openFor) {
        return new Quarantined("json", "open", records, openFor == null ? null : NOW.minus(openFor), "not JSON");
    }

    private static Check check(String dataset, boolean passed) {
        return new Check(dataset, "IsComplete \"id\"", "completeness", passed, 1, null, null);
    }

    private static Expected expected(String name, int days, double bytes, Double capacity) {
        LocalDate day = LocalDate.parse("2026-06-01").plusDays(days);
        return new Expected("volume", name, day, bytes, bytes, bytes, capacity);
    }

    private static Compliance compliance(String measure, Double value, String detail, boolean isFinding) {
        return new Compliance(NOW, "backups", "drill", measure, value, detail, isFinding);
    }
}
