package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.cli.SqlText.Statement;
import io.datapunk.cli.SqlToken.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {
    @Test
    void statementsEndWithASemicolonAndKnowWhereTheyBegin() {
        assertThat(SqlText.of("""
                        -- how many
                        select count(*)
                        from a; select 2 ;

                        /* the last
                           one */ select 3
                        """).all())
                .containsExactly(
                        new Statement(2, 0, "select count(*)\nfrom a"),
                        new Statement(3, 8, "select 2"),
                        new Statement(6, 10, "select 3"));
    }

    @Test
    void aStatementInPlaceHasItsPlaceInTheWholeText() {
        assertThat(new Statement(3, 8, "select 2").inPlace()).isEqualTo("\n\n        select 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select ';'",
                "select \"a;b\"",
                "select 'it\\'s;'",
                "select 'it''s;'",
                "select `a;``b`",
                "select r'C:\\', ';'",
                "select $$ it's; $$",
                "select $of$ $$; $of$",
                "select 1 -- ;",
                "select /* ; /* ; */ ; */ 1",
                "begin select 1; select case when true then 1 end; end",
                "begin if true then select 1; end if; while false do select 2; end while; end",
                "outer: begin declare n int; case n when 1 then select 1; end case; end outer",
            })
    void semicolonsWithinQuotesCommentsAndScriptsEndNothing(String sql) {
        SqlText text = SqlText.of(sql + "\n; select 2");

        assertThat(text.statements()).hasSize(1);
        assertThat(text.rest().map(Statement::sql)).hasValue("select 2");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "select 1, -",
                "select 1;, ||",
                "select 1; -- done, ||",
                "|-- a note|, ||",
                "select ', '",
                "select \"a;, \"",
                "select `a;, `",
                "select /* a;, *",
                "select $$ a;, $",
                "begin select 1;, -",
                "*/*;, ||",
            })
    void whatIsMissingIsTold(String sql, String open) {
        assertThat(SqlText.of(sql).open()).isEqualTo(open);
    }

    /** Of pieces that are hard where they meet. */
    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                        ";", "'", "\"", "`", "\\", "--", "/*", "*/", "\n", "\r\n", " ", "$$", "$a$", "r'", "R\"", "r",
                        ".", "a", "7", "é", "/", "*", "-", "select", "''", "\\'", "\\\n")
                .list()
                .ofMaxSize(14)
                .map(pieces -> String.join("", pieces));
    }

    @Property
    void sparksOwnLexerFindsTheSameSemicolons(@ForAll("pieces") String sql) {
        List<SqlToken> tokens = SqlToken.of(sql);
        if (tokens.stream().allMatch(SqlToken::closed)) {
            assertThat(tokens.stream()
                            .filter(token -> token.kind() == Kind.SEMICOLON)
                            .map(SqlToken::from))
                    .isEqualTo(semicolonsBySpark(sql));
        }
    }

    private static List<Integer> semicolonsBySpark(String sql) {
        Lexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(sql)));
        lexer.removeErrorListeners();
        Stream<? extends Token> tokens = lexer.getAllTokens().stream();
        return tokens.filter(token -> token.getType() == SqlBaseLexer.SEMICOLON)
                .map(Token::getStartIndex)
                .collect(Collectors.toList());
    }
}
