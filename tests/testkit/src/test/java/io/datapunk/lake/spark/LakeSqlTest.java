package io.datapunk.lake.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.sql.SqlColumn;
import io.datapunk.lake.sql.SqlResult;
import io.datapunk.testkit.SharedSpark;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeSqlTest {
    @TempDir
    static Path folder;

    private static LakeSql sql;

    @BeforeAll
    static void writeATable() {
        Path home = folder.resolve("home");
        SparkSession session = SharedSpark.session(home);
        session.sql("select 1 as id, 'a' as title, '2026-01' as month")
                .write()
                .format("delta")
                .partitionBy("month")
                .save(home.resolve("tables/user_data/activity").toString());
        sql = new LakeSql(session);
    }

    @Test
    void valuesKeepTheirTypes() {
        SqlResult answer = sql.run("""
                select true as flag, 7 as number, cast(0.1 as float) as small, 12.50 as money, 'text' as text,
                  timestamp '2026-01-02 03:04:05.678901Z' as at, date '2026-01-02' as day,
                  timestamp_ntz '2026-01-02 03:04:05' as local, null as nothing,
                  array(1, 2) as list, named_struct('a', 1, 'b', array('x')) as nested, map('k', 1.5d) as pairs""");
        assertThat(answer.columns())
                .contains(
                        new SqlColumn("number", "int"),
                        new SqlColumn("list", "array<int>"),
                        new SqlColumn("at", "timestamp"));
        assertThat(answer.rows().get(0))
                .containsExactly(
                        true,
                        7L,
                        0.1,
                        new BigDecimal("12.50"),
                        "text",
                        Instant.parse("2026-01-02T03:04:05.678901Z"),
                        LocalDate.parse("2026-01-02"),
                        LocalDateTime.parse("2026-01-02T03:04:05"),
                        null,
                        List.of(1L, 2L),
                        Map.of("a", 1L, "b", List.of("x")),
                        Map.of("k", 1.5));
    }

    @Test
    void aLargeAnswerComesInItsOrder() {
        assertThat(sql.run("select id from range(0, 25000, 1, 7) order by id desc")
                        .rows())
                .hasSize(25_000)
                .startsWith(List.of(24_999L))
                .endsWith(List.of(0L));
    }

    @Test
    void anUnknownTableGetsTheOneThatIsMeant() {
        LakeException failure = fails("select * from user_data.activty");
        assertThat(failure.problem()).isEqualTo("there is no table user_data.activty");
        assertThat(failure.reason()).isEqualTo("the lake has user_data.activity");
        assertThat(failure.remedy()).isEqualTo("did you mean user_data.activity?");
        assertThat(fails("select * from activity").remedy()).isEqualTo("did you mean user_data.activity?");
        assertThat(fails("select * from user_data.nothing_like_it_at_all").remedy())
                .contains("lake tables");
    }

    @Test
    void anUnknownColumnGetsTheOnesMostLikeIt() {
        LakeException failure = fails("select titel from user_data.activity");
        assertThat(failure.problem()).isEqualTo("there is no column titel");
        assertThat(failure.reason()).startsWith("the columns most like it are ").contains("title");
    }

    @Test
    void aMistypedStatementSaysWhere() {
        assertThat(fails("selct 1").problem()).isEqualTo("the statement cannot be read");
        assertThat(fails("select 1 frm x y").reason()).contains("'x'");
    }

    @Test
    void aFailureWhileItRunsSaysWhatTheDataDid() {
        LakeException failure = fails("select cast(title as int) from user_data.activity");
        assertThat(failure.problem()).isEqualTo("the statement failed");
        assertThat(failure.reason()).contains("'a'").doesNotContain("SQLSTATE");
        assertThat(failure.remedy()).contains("CAST_INVALID_INPUT");
        assertThat(failure.kind().exitCode()).isEqualTo(1);
    }

    @Test
    void aChangeIsRefusedInItsOwnWords() {
        assertThatThrownBy(() -> sql.run("delete from user_data.activity")).hasMessageContaining("read-only in SQL");
    }

    private static LakeException fails(String statement) {
        return catchThrowableOfType(LakeException.class, () -> sql.run(statement));
    }
}
