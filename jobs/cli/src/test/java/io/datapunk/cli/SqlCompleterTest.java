package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In each text, {@code |} is the cursor. */
class SqlCompleterTest {
    @TempDir
    private static Path home;

    private static SqlCompleter completer;

    @BeforeAll
    static void makeTheLake() {
        LakeConfig config = SampleLake.make(home);
        completer = new SqlCompleter(new LakeNames(config, LakeHome.openExisting(config)));
    }

    @Test
    void tablesComeAfterFromAndJoin() {
        assertThat(proposals("select * from |")).containsExactly("user_data.activity");
        assertThat(proposals("select * from user_data.activity a join us|")).containsExactly("user_data.activity");
        assertThat(proposals("describe |")).containsExactly("user_data.activity");
    }

    @Test
    void columnsAreThoseOfTheTablesThatTheStatementNames() {
        assertThat(proposals("select | from user_data.activity")).contains("product", "title", "month", "distinct");
        assertThat(proposals("select * from user_data.activity where tit|")).containsExactly("title");
        assertThat(proposals("select * from user_data.activity; select ti|")).doesNotContain("title");
    }

    @Test
    void aTableOrItsAliasStandsBeforeItsColumns() {
        assertThat(proposals("select a.t| from user_data.activity as a"))
                .contains("a.title")
                .doesNotContain("title");
        assertThat(proposals("select a.| from user_data.activity a where true"))
                .containsExactly("a.product", "a.title", "a.month");
        assertThat(proposals("select activity.| from user_data.activity")).contains("activity.month");
        assertThat(proposals("select b.| from user_data.activity a")).isEmpty();
    }

    @Test
    void keywordsAreInCapitalsWhereWhatIsTypedIs() {
        assertThat(proposals("sel|")).containsExactly("select");
        assertThat(proposals("SEL|")).containsExactly("SELECT");
        assertThat(proposals("SELECT 1 |")).contains("UNION").doesNotContain("union");
    }

    @Test
    void nothingIsProposedWithinQuotesAndComments() {
        assertThat(proposals("select 'fro|")).isEmpty();
        assertThat(proposals("select 'fro|m' from user_data.activity")).isEmpty();
        assertThat(proposals("select 1 -- fro|")).isEmpty();
        assertThat(proposals("select /* fro| */ 1")).isEmpty();
    }

    @Test
    void commandsOfTheShellAndWhatTheyTake() {
        assertThat(proposals("\\|")).containsExactly("\\d", "\\x", "\\timing", "\\format", "\\?", "\\q");
        assertThat(proposals("\\d |")).containsExactly("user_data.activity");
        assertThat(proposals("\\format c|")).containsExactly("csv");
    }

    private static List<String> proposals(String text) {
        int cursor = text.indexOf('|');
        List<Candidate> candidates = new ArrayList<>();
        completer.complete(null, SqlLine.at(text.replace("|", ""), cursor), candidates);
        return candidates.stream().map(Candidate::value).toList();
    }
}
