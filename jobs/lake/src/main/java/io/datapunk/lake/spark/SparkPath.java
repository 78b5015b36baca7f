package io.datapunk.lake.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * Files of this machine as Spark names them. Spark decodes nothing, so that a URI's {@code %20} is a name of its own and no blank;
 * and it takes names that it reads for patterns.
 */
public final class SparkPath {
    private static final Pattern PATTERN_CHARACTER = Pattern.compile("[\\\\{}\\[\\]*?]");

    private SparkPath() {}

    public static String toWrite(java.nio.file.Path file) {
        return new Path(file.toUri()).toString();
    }

    public static String toRead(java.nio.file.Path file) {
        return PATTERN_CHARACTER
                .matcher(toWrite(file))
                .replaceAll(found -> Matcher.quoteReplacement("\\" + found.group()));
    }
}
