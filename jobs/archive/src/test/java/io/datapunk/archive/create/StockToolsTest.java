package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.testkit.KeystoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stranger verifies and opens a package with sha256sum, zstd and Python, as its README.txt says. Needs these three, and a
 * package index for Python's cryptography.
 */
@Tag("full")
class StockToolsTest {
    @TempDir
    private Path folder;

    private ArchiveFixture lake;
    private Path export;
    private Path bag;

    @BeforeEach
    void aPackage() throws IOException {
        lake = new ArchiveFixture(folder);
        export = Files.createDirectories(folder.resolve("Takeout/Notes"));
        Files.writeString(export.resolve("long.txt"), "a line that comes again and again\n".repeat(150_000));
        Files.writeString(export.resolve("ä short.txt"), "short");
        Files.write(export.resolve("empty"), new byte[0]);
        bag = lake.archive().resolve(lake.create(export.getParent(), "ann").path());
    }

    @Test
    void sha256sumVerifiesIt() throws Exception {
        assertThat(run(bag, "sha256sum", "--check", "--strict", "tagmanifest-sha256.txt"))
                .contains("segments.ndjson: OK", "manifest-sha256.txt: OK");
        assertThat(run(bag, "sha256sum", "--check", "--strict", "manifest-sha256.txt"))
                .contains(".pack: OK");
    }

    @Test
    void itsOwnScriptOpensIt() throws Exception {
        run(folder, "python3", "-m", "venv", "venv");
        run(folder, "venv/bin/pip", "install", "--quiet", "cryptography");

        run(
                bag,
                folder.resolve("venv/bin/python").toString(),
                "open-package.py",
                lake.home.keysPath(),
                "lake-archive-1=" + masterKey(),
                folder.resolve("opened").toString());

        SortedMap<String, byte[]> opened =
                ArchiveFixture.files(folder.resolve("opened/person-" + ArchiveFixture.ANN + "/Takeout"));
        SortedMap<String, byte[]> expected = ArchiveFixture.files(export.getParent());
        assertThat(opened.keySet()).isEqualTo(expected.keySet());
        expected.forEach((file, bytes) -> assertThat(opened.get(file)).as(file).isEqualTo(bytes));
    }

    private String masterKey() throws GeneralSecurityException, IOException {
        char[] password = KeystoreFile.PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance(folder.resolve("keys.p12").toFile(), password);
        return HexFormat.of().formatHex(keys.getKey("lake-archive-1", password).getEncoded());
    }

    private static String run(Path directory, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }
}
