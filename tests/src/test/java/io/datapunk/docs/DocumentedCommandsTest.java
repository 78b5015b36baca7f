package io.datapunk.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.docs.DocumentedPage.Block;
import io.datapunk.ingest.sample.SampleExport;
import io.datapunk.testkit.FolderCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever types what a page says gets what it promises. Each page's commands run in a shell, in the order of the page, beside an
 * export and a lake as {@code ./lake demo} makes it; the first that fails fails the page.
 */
class DocumentedCommandsTest {
    /** They run by {@code ./lake}, which is a JVM each. */
    private static final long PATIENCE_MINUTES = 20;

    /** The servers of all lakes that a page has made. */
    private static final String STOP = "trap 'for lake in lake-*/; do ./lake down --lake $lake; done' EXIT\n";

    @TempDir
    private static Path folder;

    private static Path demo;
    private static List<Path> export;

    static Stream<DocumentedPage> pages() throws IOException {
        return DocumentedPage.all().stream();
    }

    static Stream<DocumentedPage> pagesWithCommands() throws IOException {
        return pages().filter(page -> !page.run().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlockSaysWhatItIs(DocumentedPage page) {
        assertThat(page.blocks()).allSatisfy(block -> assertThat(block.language())
                .as("the word behind the fence on line %s of %s; sh is run", block.line(), page)
                .isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("pagesWithCommands")
    @Tag("full")
    void everyCommandDoesWhatItsPageSays(DocumentedPage page) throws Exception {
        Path place = Files.createDirectories(folder.resolve(page.name().replace('/', '-')));
        FolderCopy.of(demo(), place.resolve("lake-home"));
        for (Path part : export) {
            Files.createLink(place.resolve(part.getFileName()), part);
        }
        String script = page.run().stream().map(Block::code).collect(Collectors.joining("\n"));

        shell(place, script);
    }

    @Test
    void thereAreCommands() throws IOException {
        assertThat(pagesWithCommands())
                .extracting(DocumentedPage::name)
                .contains("README.md", "docs/how-to/backups.md");
    }

    private static synchronized Path demo() throws Exception {
        if (demo == null) {
            Path place = Files.createDirectory(folder.resolve("demo"));
            shell(place, "./lake demo --lake lake-home");
            demo = place.resolve("lake-home");
        }
        return demo;
    }

    @BeforeAll
    static void exportOfTwoParts() throws IOException {
        export = SampleExport.write(Files.createDirectory(folder.resolve("export")), 7, 0.02)
                .containers();
    }

    /** Runs a script to its end, and stops what it has started. */
    private static void shell(Path place, String script) throws Exception {
        Files.createSymbolicLink(place.resolve("lake"), DocumentedPage.ROOT.resolve("lake"));
        Path output = place.resolve("output.txt");
        Process shell = new ProcessBuilder("bash", "-euxo", "pipefail", "-c", STOP + script)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(shell.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as("ended")
                    .isTrue();
        } finally {
            shell.destroyForcibly();
        }
        assertThat(shell.exitValue()).as(Files.readString(output)).isZero();
    }
}
