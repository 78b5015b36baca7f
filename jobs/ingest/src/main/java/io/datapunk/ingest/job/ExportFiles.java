package io.datapunk.ingest.job;

import io.datapunk.lake.model.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What a person names on the command line, looked at before anything is opened. */
final class ExportFiles {
    private ExportFiles() {}

    /** @throws LakeException where one cannot be read */
    static void require(IngestRequest request) {
        request.exports().forEach(ExportFiles::require);
    }

    private static void require(Path export) {
        if (!Files.exists(export)) {
            Optional<Path> file = fileAbove(export);
            throw LakeException.failed(
                    export + " cannot be read",
                    file.map(above -> above + " is a file and no folder").orElse("there is no such file"),
                    file.map(above -> "name " + above + " itself: what is in it is read; nothing was read")
                            .orElse("check the path; nothing was read"));
        }
        if (!Files.isReadable(export)) {
            throw LakeException.failed(
                    export + " cannot be read",
                    "its permissions do not let it be read",
                    "let this user read it and run the same command again; nothing was read");
        }
    }

    /** A file that a path goes through, as in {@code takeout.zip/Takeout}. */
    private static Optional<Path> fileAbove(Path path) {
        return Stream.iterate(path.getParent(), above -> above != null, Path::getParent)
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
