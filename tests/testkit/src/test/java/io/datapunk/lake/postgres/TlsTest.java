package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of the operator's own that wants TLS and a certificate of its clients. */
class TlsTest {
    private static final String APPLICATION = "tls_application";

    @TempDir
    private static Path folder;

    private static EmbeddedPostgres server;
    private static EmbeddedPostgres.Use use;
    private static Certificates certificates;
    private static Certificates strangers;

    @BeforeAll
    static void aServerWithCertificates() throws Exception {
        certificates = new Certificates(java.nio.file.Files.createDirectory(folder.resolve("ours")));
        certificates.sign("server", "database", "san=ip:127.0.0.1");
        certificates.sign("client", APPLICATION);
        certificates.sign("other", "somebody_else");
        strangers = new Certificates(java.nio.file.Files.createDirectory(folder.resolve("strangers")));
        strangers.sign("client", APPLICATION);
        server = new EmbeddedPostgres(
                folder.resolve("postgres"),
                folder.resolve("run"),
                new EmbeddedPostgres.Options(
                        "lake", 0, Duration.ofMinutes(5), Duration.ofMinutes(1), EmbeddedPostgres.userCache()));
        use = server.use();
        try (Connection owner = use.connection().open("test")) {
            Statements.execute(owner, "CREATE ROLE " + APPLICATION + " SUPERUSER LOGIN");
            write(owner, certificates.certificatePem("server"), "cat > server.crt");
            write(owner, certificates.keyPem("server"), "umask 077; cat > server.key");
            write(owner, certificates.certificatePem("ca"), "cat > ca.crt");
            write(
                    owner,
                    "hostssl all " + APPLICATION + " 127.0.0.1/32 cert\n",
                    "cat - pg_hba.conf > hba.new; cat hba.new > pg_hba.conf");
            Statements.execute(owner, "ALTER SYSTEM SET ssl_ca_file = 'ca.crt'");
            Statements.execute(owner, "ALTER SYSTEM SET ssl = on");
            reload(owner);
        }
    }

    @AfterAll
    static void stop() {
        use.close();
        server.stop();
    }

    @Test
    void theLakeShowsItsCertificateAndChecksTheServers() throws Exception {
        try (PostgresServer open =
                        PostgresServer.open(config("verify-full", Map.of()).postgres(), home());
                Connection connection = open.connection().open("test")) {
            assertThat(Statements.texts(
                            connection,
                            "SELECT usename || ' ' || version || ' ' || client_dn FROM pg_stat_ssl"
                                    + " JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()"))
                    .containsExactly(APPLICATION + " TLSv1.3 /CN=" + APPLICATION);
            assertThat(Statements.number(connection, "SELECT count(*) FROM lake.served"))
                    .isZero();
        }
    }

    @Test
    void aServerUnderAnotherNameOrOfAnotherAuthorityIsNotTrusted() throws Exception {
        Map<String, String> otherAuthority =
                Map.of("root-certificate-file", strangers.certificateFile("ca").toString());
        assertThatThrownBy(() -> open("verify-full", otherAuthority))
                .isInstanceOf(HotStoreUnavailableException.class)
                .hasStackTraceContaining("PKIX");
        LakeConfig otherName = config("verify-full", Map.of(), "localhost");
        assertThatThrownBy(() -> PostgresServer.open(otherName.postgres(), home()))
                .hasStackTraceContaining("localhost");
    }

    @Test
    void aClientWithoutACertificateOrWithAnotherNamesOrAuthoritysIsTurnedAway() throws Exception {
        assertThatThrownBy(() -> open("verify-full", Map.of("certificate-file", "", "key-file", "")))
                .hasStackTraceContaining("certificate");
        assertThatThrownBy(() -> open(
                        "verify-full",
                        Map.of(
                                "certificate-file",
                                        certificates.certificateFile("other").toString(),
                                "key-file", certificates.keyFile("other").toString())))
                .hasStackTraceContaining("certificate authentication failed");
        assertThatThrownBy(() -> open(
                        "verify-full",
                        Map.of(
                                "certificate-file",
                                        strangers.certificateFile("client").toString(),
                                "key-file", strangers.keyFile("client").toString())))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void tls12IsRefusedUnlessItIsAllowed() throws Exception {
        try (Connection owner = use.connection().open("test")) {
            Statements.execute(owner, "ALTER SYSTEM SET ssl_max_protocol_version = 'TLSv1.2'");
            reload(owner);
            try {
                assertThatThrownBy(() -> open("verify-full", Map.of())).hasStackTraceContaining("protocol_version");
                try (PostgresServer old = PostgresServer.open(
                                config("verify-full", Map.of("minimum-version", "1.2"))
                                        .postgres(),
                                home());
                        Connection connection = old.connection().open("test")) {
                    assertThat(Statements.texts(
                                    connection, "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                            .containsExactly("TLSv1.2");
                }
            } finally {
                Statements.execute(owner, "ALTER SYSTEM RESET ssl_max_protocol_version");
                reload(owner);
            }
        }
    }

    @Test
    void mistakesInTheConfigurationAreToldTogether() {
        assertThatThrownBy(() -> LakeConfig.load(
                        null,
                        Map.of(),
                        Map.of(
                                "lake.postgres.tls.mode", "verify-full",
                                "lake.postgres.tls.certificate-file", "/nowhere/client.crt",
                                "lake.postgres.tls.minimum-version", "1.1")))
                .hasMessageContaining("lake.postgres.tls.mode = verify-full (command line) needs lake.postgres.url too")
                .hasMessageContaining("lake.postgres.tls.root-certificate-file")
                .hasMessageContaining("lake.postgres.tls.key-file")
                .hasMessageContaining("lake.postgres.tls.certificate-file = /nowhere/client.crt")
                .hasMessageContaining("lake.postgres.tls.minimum-version = 1.1 (command line) needs one of 1.3, 1.2");
    }

    private static void open(String mode, Map<String, String> changed) throws Exception {
        PostgresServer.open(config(mode, changed).postgres(), home()).close();
    }

    private static LakeConfig config(String mode, Map<String, String> changed) throws Exception {
        return config(mode, changed, "127.0.0.1");
    }

    private static LakeConfig config(String mode, Map<String, String> changed, String host) throws Exception {
        Map<String, String> tls = new HashMap<>(Map.of(
                "mode", mode,
                "root-certificate-file", certificates.certificateFile("ca").toString(),
                "certificate-file", certificates.certificateFile("client").toString(),
                "key-file", certificates.keyFile("client").toString()));
        tls.putAll(changed);
        Map<String, String> settings = new HashMap<>();
        tls.forEach((key, value) -> settings.put("lake.postgres.tls." + key, value));
        settings.put("lake.postgres.url", use.connection().url().replace("127.0.0.1", host));
        settings.put("lake.postgres.user", APPLICATION);
        return LakeConfig.load(null, Map.of(), settings);
    }

    private static LakeHome home() {
        return new LakeHome(folder.toString(), folder);
    }

    /** As the server's own user, in its data folder. */
    private static void write(Connection owner, String text, String program) throws Exception {
        Statements.execute(
                owner,
                "COPY (SELECT unnest(" + HotTable.literal("{" + String.join(",", quotedLines(text)) + "}")
                        + "::text[])) TO PROGRAM " + HotTable.literal(program));
    }

    private static List<String> quotedLines(String text) {
        return text.lines().map(line -> '"' + line + '"').toList();
    }

    private static void reload(Connection owner) throws Exception {
        Statements.execute(owner, "SELECT pg_reload_conf()");
        // New connections are made by the postmaster, which reads the file a moment later.
        Thread.sleep(500);
    }
}
