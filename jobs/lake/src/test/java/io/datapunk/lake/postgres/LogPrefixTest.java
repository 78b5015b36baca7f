package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogPrefixTest {
    private static final String TIME = "2026-01-31 23:59:59.123 UTC";
    private static final LogPrefix EMBEDDED =
            LogPrefix.of(PostgresSettings.logLinePrefix(), "lake").orElseThrow();

    @Test
    void aFailedLogInAndADeniedAccessAreToldByTheirSqlState() {
        assertThat(EMBEDDED.refusal(TIME + " [77] 28P01 ann_app@lake [unknown] FATAL:  password authentication failed"))
                .contains(new Refusal(SqlState.INVALID_PASSWORD, "ann_app", "lake", Optional.empty(), TIME));
        assertThat(EMBEDDED.refusal(TIME + " [77] 28000 ann_app@lake psql FATAL:  role \"ann_app\" is not permitted"))
                .map(Refusal::action)
                .contains("postgres.login-failed");
        assertThat(EMBEDDED.refusal(
                        TIME + " [77] 42501 ann_app@lake psql ERROR:  permission denied for table activity"))
                .contains(new Refusal(
                        SqlState.INSUFFICIENT_PRIVILEGE, "ann_app", "lake", Optional.of("table activity"), TIME));
    }

    @ParameterizedTest
    @CsvSource({
        "permission denied for materialized view monthly, materialized view monthly",
        "must be owner of table user_data.activity, table user_data.activity",
        "'new row violates row-level security policy for table \"activity\"', table activity",
    })
    void whatWasRefusedIsReadFromEnglishTexts(String message, String object) {
        assertThat(EMBEDDED.refusal(TIME + " [77] 42501 ann_app@lake psql ERROR:  " + message))
                .flatMap(Refusal::object)
                .contains(object);
    }

    @Test
    void inAnotherLanguageTheSqlStateStillDecides() {
        assertThat(EMBEDDED.refusal(
                        TIME + " [77] 42501 ann_app@lake psql FEHLER:  keine Berechtigung für Tabelle activity"))
                .contains(new Refusal(SqlState.INSUFFICIENT_PRIVILEGE, "ann_app", "lake", Optional.empty(), TIME));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TIME + " [77] 22P02 ann_app@lake psql ERROR:  permission denied for table activity",
                TIME + " [77] 00000 LOG:  database system is ready to accept connections",
                TIME + " [77] ann_app@lake psql ERROR:  permission denied for table activity",
                "\tand a line that goes on: 42501 ann_app@lake psql ERROR:  permission denied for table activity",
                "",
            })
    void everythingElseIsNoRefusal(String line) {
        assertThat(EMBEDDED.refusal(line)).isEmpty();
    }

    @Test
    void aNameOfARoleMayHaveWhatElseDivides() {
        assertThat(EMBEDDED.refusal(TIME + " [77] 28P01 ann@example.org@lake a b@c FATAL:  no"))
                .contains(new Refusal(SqlState.INVALID_PASSWORD, "ann@example.org", "lake", Optional.empty(), TIME));
        assertThat(EMBEDDED.refusal(TIME + " [77] 28P01 ann@another one psql FATAL:  no"))
                .map(Refusal::role)
                .contains("ann");
    }

    @ParameterizedTest
    @CsvSource({
        "'%t %-8p %e %u/%d ', '2026-01-31 23:59:59 CET 77       42501 ann_app/lake ', 2026-01-31 23:59:59 CET",
        "'<%n|%e|%r|%d|%u>', '<1769903999.123|42501|10.0.0.7(4711)|lake|ann_app>', 1769903999.123",
        "'%m [%p:%l] %s %% %e %q%a %u@%d', '2026-01-31 23:59:59.123 CET [77:3] 2026-01-31 23:00:00 CET % 42501 psql ann_app@lake', 2026-01-31 23:59:59.123 CET",
        "'%e %u ', '42501 ann_app ', ''",
    })
    void anOperatorsOwnPrefixIsUnderstood(String prefix, String line, String at) {
        assertThat(LogPrefix.of(prefix, "lake").orElseThrow().refusal(line + "ERROR:  permission denied for table t"))
                .hasValueSatisfying(refusal -> {
                    assertThat(refusal.role()).isEqualTo("ann_app");
                    assertThat(refusal.object()).contains("table t");
                    assertThat(refusal.at()).isEqualTo(at);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%m [%p] ", "%m [%p] %q%u@%d ", "%m %e %d ", "%m %e %"})
    void aPrefixWithoutSqlStateOrRoleIsOfNoUse(String prefix) {
        assertThat(LogPrefix.of(prefix, "lake")).isEmpty();
    }
}
