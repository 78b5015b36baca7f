package io.datapunk.lake.spark;

import io.datapunk.lake.storage.Stores;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of this machine as Spark names them. Spark decodes nothing, so that a URI's {@code %20} is a name of its own and no blank;
 * and it takes names that it reads for patterns.
 */
public final class SparkPath {
    private static final Pattern PATTERN_CHARACTER = Pattern.compile("[\\\\{}\\[\\]*?]");

    private SparkPath() {}

    public static String toWrite(Path file) {
        return Stores.local(file).toString();
    }

    public static String toRead(Path file) {
        return PATTERN_CHARACTER
                .matcher(toWrite(file))
                .replaceAll(found -> Matcher.quoteReplacement("\\" + found.group()));
    }
}
