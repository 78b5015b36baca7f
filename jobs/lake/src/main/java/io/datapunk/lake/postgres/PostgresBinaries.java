package io.datapunk.lake.postgres;

import java.nio.file.Path;

/** PostgreSQL's programs on disk. */
record PostgresBinaries(Path root) {
    Path program(String name) {
        return root.resolve("bin").resolve(name);
    }
}
