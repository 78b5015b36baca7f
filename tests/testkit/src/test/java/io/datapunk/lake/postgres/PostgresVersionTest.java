package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.testkit.SharedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** The build runs the tests of the hot store on several versions of PostgreSQL: this says that it does. */
class PostgresVersionTest {
    private static final String NEWEST = "18";

    @Test
    void theServerIsOfTheVersionThatTheBuildMeans() throws SQLException {
        try (Connection connection = SharedPostgres.connect(SharedPostgres.emptyDatabase());
                Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SHOW server_version")) {
            version.next();
            assertThat(version.getString(1)).startsWith(System.getProperty("lake.testkit.postgresql", NEWEST) + ".");
        }
    }
}
