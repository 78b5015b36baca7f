package io.datapunk.lake.sql;

import java.io.Writer;

/** How an answer is printed. */
public enum SqlFormat {
    /** Aligned columns for people; values longer than 80 characters are cut, with an ellipsis. */
    TABLE {
        @Override
        public SqlSink to(Writer out) {
            return new TableOutput(out);
        }

        @Override
        public SqlSink to(Writer out, int width) {
            return new ShellOutput(out, width);
        }
    },
    /** RFC 4180 with a header line; {@code null} is empty, binary is Base64. Values are not made safe for spreadsheets. */
    CSV {
        @Override
        public SqlSink to(Writer out) {
            return new CsvOutput(out);
        }
    },
    /** One object: {@code columns} with name and type, {@code rows} as arrays in their order. */
    JSON {
        @Override
        public SqlSink to(Writer out) {
            return new JsonOutput(out);
        }
    };

    /** Prints an answer; flushes at its end, does not close. */
    public abstract SqlSink to(Writer out);

    /**
     * The same for answers that follow each other.
     *
     * @param width a table that is wider than so many characters is printed with one value in a line
     */
    public SqlSink to(Writer out, int width) {
        return to(out);
    }
}
