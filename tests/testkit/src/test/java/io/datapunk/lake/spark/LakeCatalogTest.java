package io.datapunk.lake.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.model.LakeException;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeCatalogTest {
    @TempDir
    static Path folder;

    private static SparkSession session;
    private static Path home;

    @BeforeAll
    static void writeTwoTables() {
        home = folder.resolve("a home");
        session = SharedSpark.session(home);
        session.sql("select * from values (1, 'kept', '2026-01'), (2, 'kept', '2026-02') as t(id, title, month)")
                .write()
                .format("delta")
                .partitionBy("month")
                .save(home.resolve("tables/user_data/activity").toString());
        session.sql("select 'i-1' as import_id")
                .write()
                .format("delta")
                .save(home.resolve("tables/imports/jobs").toString());
    }

    @Test
    void aTableOfTheHomeIsReadByItsName() {
        assertThat(rows("select id, month from user_data.activity order by id"))
                .containsExactly("[1,2026-01]", "[2,2026-02]");
        assertThat(rows("select import_id from imports.jobs")).containsExactly("[i-1]");
        assertThat(rows("select count(*) from USER_DATA.Activity where month = '2026-02'"))
                .containsExactly("[1]");
    }

    @Test
    void aTableIsReadAsItWasAtAnEarlierVersion() {
        assertThat(rows("select count(*) from user_data.activity version as of 0"))
                .containsExactly("[2]");
    }

    @Test
    void schemasAndTablesAreListed() {
        assertThat(rows("show schemas")).contains("[imports]", "[user_data]", "[default]");
        assertThat(rows("show tables in user_data")).containsExactly("[user_data,activity,false]");
        assertThat(rows("describe user_data.activity"))
                .contains("[id,int,null]", "[title,string,null]", "[month,string,null]");
    }

    @Test
    void aSchemaOfTheHomeCanBeTheCurrentOne() {
        SparkSession other = SharedSpark.session(home);
        other.sql("use user_data");
        assertThat(other.sql("select count(*) from activity").first().getLong(0))
                .isEqualTo(2);
    }

    @Test
    void whatIsNotInTheHomeResolvesAsEverywhere() {
        session.sql("select 7 as n").createOrReplaceTempView("mine");
        assertThat(rows("select n from mine")).containsExactly("[7]");
        assertThat(rows("select count(*) from delta.`" + home.resolve("tables/user_data/activity") + "`"))
                .containsExactly("[2]");
        assertThatThrownBy(() -> rows("select * from user_data.nothing"))
                .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into user_data.activity values (3, 'new', '2026-03')",
                "insert overwrite user_data.activity values (3, 'new', '2026-03')",
                "delete from user_data.activity where id = 1",
                "update user_data.activity set title = 'changed'",
                "merge into user_data.activity t using (select 1 as id) s on t.id = s.id when matched then delete",
                "truncate table user_data.activity",
                "drop table user_data.activity",
                "alter table user_data.activity add column more string",
                "alter table user_data.activity set tblproperties ('a' = 'b')",
                "create table user_data.other (id int) using delta",
                "create table user_data.other using delta as select 1 as id",
                "create or replace table user_data.activity using delta as select 1 as id",
                "drop schema user_data cascade",
                "optimize user_data.activity",
                "vacuum user_data.activity",
                "restore table user_data.activity to version as of 0",
            })
    void aStatementThatWouldChangeATableIsRefusedWithWhatToDoInstead(String statement) {
        assertThatThrownBy(() -> session.sql(statement).collectAsList())
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("read-only in SQL");
        assertThat(rows("select id, title, month from user_data.activity order by id"))
                .containsExactly("[1,kept,2026-01]", "[2,kept,2026-02]");
    }

    @Test
    void aDataFrameCannotBeSavedUnderALakesName() {
        assertThatThrownBy(() ->
                        session.range(3).write().format("delta").mode("append").saveAsTable("user_data.activity"))
                .isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> session.range(3).writeTo("user_data.activity").append())
                .isInstanceOf(LakeException.class);
    }

    private static List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }
}
