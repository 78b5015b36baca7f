package io.datapunk.archive.backup.point;

import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a restore point: when it was made, and 8 hexadecimal digits, as {@code 20261126T020000Z-1f9a03b7}. A
 * {@code c} at the end says that it was made for compliance.
 */
public record PointName(String text) implements Comparable<PointName> {
    private static final Pattern NAME = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{8}c?");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    public PointName {
        if (!isName(text)) {
            throw LakeException.usage(
                    "'" + text + "' is no restore point",
                    "its name is not of the form 20261126T020000Z-1f9a03b7",
                    "`lake backup verify` lists them");
        }
    }

    public static PointName of(Instant at, int random, boolean compliance) {
        return new PointName("%s-%08x%s".formatted(TIME.format(at), random, compliance ? "c" : ""));
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    public Instant createdAt() {
        return TIME.parse(text.substring(0, text.indexOf('-')), Instant::from).truncatedTo(ChronoUnit.SECONDS);
    }

    public boolean isForCompliance() {
        return text.endsWith("c") && text.length() == "20261126T020000Z-1f9a03b7c".length();
    }

    @Override
    public int compareTo(PointName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
