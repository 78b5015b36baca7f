package io.datapunk.lake.sql;

import java.io.IOException;
import java.util.List;

/**
 * Takes an answer row by row, so that its size does not matter.
 *
 * <p>Values are {@code null}, {@code Boolean}, {@code Long}, {@code Double}, {@code BigDecimal}, {@code String},
 * {@code byte[]}, {@code Instant}, {@code LocalDate}, {@code LocalDateTime}, a {@code List} of values, or a {@code Map}
 * from text to values.
 */
public interface SqlSink {
    /** Comes first, once. */
    void columns(List<SqlColumn> columns) throws IOException;

    /** Comes once for each row, with one value for each column. */
    void row(List<Object> values) throws IOException;

    /** Comes last, and only where the answer is whole. */
    void end() throws IOException;
}
