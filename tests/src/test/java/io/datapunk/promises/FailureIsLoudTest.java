package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 9: a failed job ends non-zero with problem, cause and remedy; nothing is lost, and the next run succeeds. */
class FailureIsLoudTest {
    @TempDir
    private static Path folder;

    private static Exports exports;
    private static LakeCommands lake;

    @BeforeAll
    static void aLakeWithTwoSearches() throws IOException {
        exports = new Exports(folder);
        lake = new LakeCommands(folder.resolve("lake"));
        Path export = exports.zip("good.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        lake.result("ingest", export.toString(), "--user", "ann");
    }

    @Test
    void anExportThatIsNotThere() {
        Path missing = folder.resolve("nothing.zip");

        assertRefused(missing, """
                lake: %s cannot be read
                  cause:  there is no such file
                  remedy: check the path; nothing was read
                """.formatted(missing));
    }

    @Test
    void aPathThatLeadsThroughAFile() {
        Path inside = folder.resolve("good.zip/inside.zip");

        assertRefused(inside, """
                lake: %1$s cannot be read
                  cause:  %2$s is a file and no folder
                  remedy: name %2$s itself: what is in it is read; nothing was read
                """.formatted(inside, inside.getParent()));
    }

    @Test
    void aFileThatThisUserMayNotRead() throws Exception {
        Path secret = exports.zip("private.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("mine")));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));

        // Root may read everything, unless it gives up that right.
        List<String> prefix = Files.isReadable(secret)
                ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
                : List.of();
        try (LakeProcess ingest = LakeProcess.start(prefix, lake, "ingest", secret.toString(), "--user", "ann")) {
            LakeCommands.Ended ended = ingest.await();

            assertThat(ended.failure()).isEqualTo("""
                    lake: %s cannot be read
                      cause:  its permissions do not let it be read
                      remedy: let this user read it and run the same command again; nothing was read
                    """.formatted(secret));
            assertThat(ended.exitCode()).isEqualTo(1);
        }
        assertThat(titles(lake)).containsExactly("Searched for lakes", "Searched for punk");
    }

    @Test
    void anEmptyFile() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.zip"));

        assertRefused(empty, """
                lake: empty.zip is empty
                  cause:  it has 0 bytes
                  remedy: download or copy it again; nothing was read
                """);
    }

    @Test
    void aFolderWithoutFiles() throws IOException {
        Path nothing = Files.createDirectory(folder.resolve("nothing"));

        assertRefused(nothing, """
                lake: nothing holds no files
                  cause:  there is nothing to ingest
                  remedy: check the path
                """);
    }

    @Test
    void aFileThatIsNoExport() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.txt"), "what I wanted to remember");

        assertRefused(notes, """
                lake: notes.txt is not an export
                  cause:  it is no zip, tar, tgz or folder, and of no format that is known
                  remedy: hand in the archives as they were downloaded, or the folder that they were unpacked to
                """);
    }

    @Test
    void anArchiveByItsNameAlone() throws IOException {
        Path page = Files.writeString(folder.resolve("page.zip"), "<!DOCTYPE html><title>Sign in</title>");

        assertRefused(page, """
                lake: page.zip is not an archive
                  cause:  its name says so, but its first bytes are 3c 21 44 4f 43 54 59 50
                  remedy: check that the download was complete and not an error page; nothing was read
                """);
    }

    @Test
    void aDownloadThatStopped() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("good.zip"));
        Path torn = Files.write(folder.resolve("torn.zip"), Arrays.copyOf(whole, whole.length / 2));

        assertRefused(torn, """
                lake: torn.zip is a zip that cannot be read
                  cause:  there is no central directory at its end; it has %d bytes, as many as arrived if a download stopped
                  remedy: download or copy it again; nothing was read from it
                """.formatted(whole.length / 2));
    }

    @Test
    void anArchiveWithAPassword() throws IOException {
        Path secret =
                exports.encryptedZip("secret.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("hidden", "away")));

        assertRefused(secret, """
                lake: no file in secret.zip can be read; it has 1
                  cause:  it is encrypted; unpack the archive with its password and hand in the folder
                  remedy: download the export again without a password, or unpack it and hand in the folder
                """);
    }

    @Test
    void hostileEntriesCostNothingButThemselves() throws IOException {
        LakeCommands careful = new LakeCommands(
                folder.resolve("careful"), Map.of("LAKE_INGEST_MAX_RATIO", "50", "LAKE_INGEST_RATIO_FLOOR", "1 MiB"));
        Path export = exports.zip(
                "hostile.zip",
                Map.of(
                        Exports.SEARCHES_PATH,
                        Exports.searches("pears"),
                        "../../outside.json",
                        "{}",
                        "Takeout/My Activity/Maps/MyActivity.json",
                        "[" + " ".repeat(8 << 20) + "]"));

        LakeCommands.Ended ended = careful.run("ingest", export.toString(), "--user", "ann", "--json");

        assertThat(ended.err()).doesNotContain("lake: ");
        assertThat(ended.exitCode()).isZero();
        assertThat(texts(ended.result().get("rejects")))
                .containsExactlyInAnyOrder(
                        "entry-refused: its name leads out of the container through \"..\"",
                        "entry-refused: it declares 8,388,610 bytes out of 8,162, more than the limit of 50 to 1");
        assertThat(titles(careful)).containsExactly("Searched for pears");
        assertThat(folder.resolve("outside.json")).doesNotExist();
        assertThat(folder.getParent().resolve("outside.json")).doesNotExist();
    }

    @Test
    void aPortThatAnotherProgramHas() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            LakeCommands.Ended ended = withPort(port).run("tier", "apply");

            assertThat(ended.failure()).isEqualTo("""
                    lake: the embedded PostgreSQL did not start
                      cause:  port %d on 127.0.0.1 is taken by another program
                      remedy: set lake.postgres.port to a free one, or to 0 for any
                    """.formatted(port));
            assertThat(ended.exitCode()).isEqualTo(1);
        }

        assertThat(withPort(port).result("tier", "apply").get("moves")).isEmpty();
        withPort(port).run("down");
    }

    @Test
    void aServerThatDoesNotStart() throws IOException {
        LakeCommands broken = new LakeCommands(folder.resolve("broken"));
        broken.result("ingest", folder.resolve("good.zip").toString(), "--user", "ann");
        broken.result("tier", "apply");
        broken.result("down");
        Path control = broken.home().resolve("postgres/data/global/pg_control");
        Files.write(control, new byte[(int) Files.size(control)]);

        LakeCommands.Ended ended = broken.run("tier", "apply");

        assertThat(ended.failure()).isEqualTo("""
                lake: the embedded PostgreSQL did not start
                  cause:  database files are incompatible with server
                  remedy: read postgres/postgres.log in the home; if its data are damaged, move the folder postgres away: \
                Delta has every row, `lake tier apply` loads the hot partitions again
                """);
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(titles(broken)).containsExactly("Searched for lakes", "Searched for punk");
        Files.move(broken.home().resolve("postgres"), broken.home().resolve("run/damaged"));
        assertThat(broken.result("tier", "apply").get("moves")).isEmpty();
        broken.run("down");
    }

    @Test
    void aHomeOfANewerVersion() throws IOException {
        LakeCommands newer = new LakeCommands(folder.resolve("newer"));
        Files.createDirectories(newer.home());
        Files.writeString(newer.home().resolve("lake.version"), "999\n");

        for (String[] command : List.of(new String[] {"tables"}, new String[] {"tier", "apply"}, new String[] {
            "ingest", folder.resolve("good.zip").toString(), "--user", "ann"
        })) {
            LakeCommands.Ended ended = newer.run(command);

            assertThat(ended.failure()).isEqualTo("""
                    lake: the lake at %s was written by a newer version
                      cause:  its format is 999, this build knows formats up to 1
                      remedy: use the newer build
                    """.formatted(newer.home()));
            assertThat(ended.exitCode()).isEqualTo(1);
        }
        assertThat(newer.home().toFile().list()).containsExactly("lake.version");
    }

    /** After a refusal the lake holds what it held, and takes the next export. */
    private static void assertRefused(Path export, String failure) {
        JsonNode before = lake.result("tables");

        LakeCommands.Ended ended = lake.run("ingest", export.toString(), "--user", "bob");

        assertThat(ended.failure()).isEqualTo(failure);
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(lake.result("tables")).isEqualTo(before);
        assertThat(lake.query("select name from lake.users where name = 'bob'")).isEmpty();
        JsonNode next = lake.result("ingest", folder.resolve("good.zip").toString(), "--user", "ann");
        assertThat(next.at("/counts/duplicates").asLong()).isEqualTo(2);
        assertThat(titles(lake)).containsExactly("Searched for lakes", "Searched for punk");
    }

    private static LakeCommands withPort(int port) {
        return new LakeCommands(lake.home(), Map.of("LAKE_POSTGRES_PORT", Integer.toString(port)));
    }

    private static List<String> titles(LakeCommands lake) {
        List<String> titles = new ArrayList<>();
        lake.query("select title from user_data.activity order by title")
                .forEach(row -> titles.add(row.get(0).asText()));
        return titles;
    }

    private static List<String> texts(JsonNode rejects) {
        List<String> texts = new ArrayList<>();
        rejects.forEach(reject -> texts.add(
                reject.get("check").asText() + ": " + reject.get("reason").asText()));
        return texts;
    }
}
