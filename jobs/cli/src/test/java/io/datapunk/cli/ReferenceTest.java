package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pages of {@code docs/reference} say what the code says. Who changes the code writes them anew: {@code ./mvnw -pl jobs/cli
 * test -Dtest=ReferenceTest -Dgolden.write=true}.
 */
class ReferenceTest {
    private static final Path FOLDER = Path.of("..", "..", "docs", "reference");

    @ParameterizedTest
    @EnumSource
    void aPageSaysWhatTheCodeSays(ReferencePage page) throws IOException {
        Path file = FOLDER.resolve(page.file());
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(file, page.text());
        }
        assertThat(file).hasContent(page.text());
    }
}
