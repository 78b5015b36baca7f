package io.datapunk.cli.export;

import io.datapunk.lake.model.DatasetName;
import java.nio.file.Path;

/** Something that a command has read. */
public sealed interface Input {
    /** A table of the lake as it was at one of its versions. */
    record Table(DatasetName name, long version) implements Input {
        /** Reads {@code user_data.activity@12}. */
        public static Table parse(String text) {
            int at = text.lastIndexOf('@');
            return new Table(DatasetName.parse(text.substring(0, at)), Long.parseLong(text.substring(at + 1)));
        }
    }

    /** A file or a folder outside of the lake. */
    record File(Path path) implements Input {}
}
