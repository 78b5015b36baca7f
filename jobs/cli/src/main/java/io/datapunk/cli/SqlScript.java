package io.datapunk.cli;

import io.datapunk.cli.SqlText.Statement;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Statements from a file or a pipe.
 *
 * @param name what a person calls it
 */
record SqlScript(String name, List<Statement> statements) {
    /** @throws LakeException (usage) where the file cannot be read or has no statement */
    static SqlScript read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /** @throws LakeException (usage) where it cannot be read or has no statement */
    static SqlScript read(InputStream stdin) {
        try {
            return read("stdin", stdin);
        } catch (IOException e) {
            throw unreadable("stdin", e);
        }
    }

    private static SqlScript read(String name, InputStream in) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes());
        String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        List<Statement> statements = SqlText.of(text).all();
        if (statements.isEmpty()) {
            throw LakeException.usage(
                    "there is no statement to run",
                    name + " has none",
                    "write one, as `lake sql \"select 1\"`, name a file with --file, or call `lake sql` on a terminal");
        }
        return new SqlScript(name, statements);
    }

    private static LakeException unreadable(String name, IOException e) {
        String cause = e instanceof CharacterCodingException ? "it is not UTF-8" : e.toString();
        return LakeException.usage("the statements cannot be read from " + name, cause, "correct that and try again");
    }
}
