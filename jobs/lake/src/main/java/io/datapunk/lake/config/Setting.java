package io.datapunk.lake.config;

import java.util.regex.Pattern;

/**
 * One key as it is in force.
 *
 * @param key as {@code lake.ingest.split-size}
 * @param value as it was written; {@value #REDACTED} where the key's name says that it is a secret
 * @param source where it was written: {@code default}, a file with its line, an environment variable or the command line
 */
public record Setting(String key, String value, String source) {
    static final String REDACTED = "(hidden)";
    // Free-form Spark settings can carry credentials, as spark.hadoop.fs.s3a.secret.key does.
    private static final Pattern SECRET = Pattern.compile("(?i)secret|password|token|credential|access[.-]?key");

    public Setting {
        if (isSecret(key)) {
            value = REDACTED;
        }
    }

    static boolean isSecret(String key) {
        return SECRET.matcher(key).find() && !key.endsWith("-file");
    }
}
