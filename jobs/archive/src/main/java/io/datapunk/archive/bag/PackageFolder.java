package io.datapunk.archive.bag;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a package lies below the archive: {@code <year>/<month>/<category>/<source>/<id>}, year and month those of its
 * making, UTC.
 *
 * <h2>Format, version 1</h2>
 *
 * <p>A package is a BagIt bag (RFC 8493):
 *
 * <ul>
 *   <li>{@code bagit.txt}, {@code bag-info.txt}: as the RFC has them;
 *   <li>{@code data/….pack}: the payload. A pack is segments, one after another. A segment is bytes of one owner, compressed
 *       with zstd (one frame, with its checksum) and then encrypted as {@link io.datapunk.archive.segment.SegmentCipher}
 *       says;
 *   <li>{@code manifest-sha256.txt}: SHA-256 of every pack, as {@code sha256sum} writes it;
 *   <li>{@code segments.ndjson}: a {@link SegmentRecord} a line;
 *   <li>{@code fetch.txt}, where there is need: packs that were written for other packages and hold some of this one's
 *       chunks;
 *   <li>{@code README.txt}, {@code open-package.py}: how to verify and open the package without this software;
 *   <li>{@code tagmanifest-sha256.txt}: SHA-256 of all these but the packs. It is written last, after everything was read
 *       back: a folder without it is no package.
 * </ul>
 *
 * <p>What an owner's entries are called and where they lie is in his segment of the kind {@code INDEX}, see {@link
 * PackageIndex}.
 */
public record PackageFolder(String path) implements Comparable<PackageFolder>, Serializable {
    static final String BAGIT = "bagit.txt";
    static final String BAG_INFO = "bag-info.txt";
    static final String MANIFEST = "manifest-sha256.txt";
    static final String TAG_MANIFEST = "tagmanifest-sha256.txt";
    static final String FETCH = "fetch.txt";
    static final String SEGMENTS = "segments.ndjson";
    static final String DATA = "data";

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("uuuu/MM", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern PACKAGE =
            Pattern.compile("\\d{4}/\\d{2}/[a-z0-9-]+/[a-z0-9_.-]+/\\d{8}T\\d{6}Z-[0-9a-f]{8}");

    /**
     * A new package's.
     *
     * @param category of compliance, as {@code gdpr}
     * @param source what it holds: {@code export}, or a dataset's name
     * @param random tells packages of the same second apart
     */
    public static PackageFolder of(Instant now, String category, String source, int random) {
        return new PackageFolder(
                "%s/%s/%s/%s-%08x".formatted(MONTH.format(now), category, source, ID.format(now), random));
    }

    static boolean isPackage(String path) {
        return PACKAGE.matcher(path).matches();
    }

    public String id() {
        return part(4);
    }

    public String category() {
        return part(2);
    }

    public String source() {
        return part(3);
    }

    /** When it was begun. */
    public Instant createdAt() {
        return ID.parse(id().substring(0, id().indexOf('-')), Instant::from);
    }

    /** Name of the package's segment with a number. */
    public String segment(int number) {
        return "%s-%05d".formatted(id(), number);
    }

    /** A file of the package, by its path below the archive. */
    public String file(String name) {
        return path + "/" + name;
    }

    @Override
    public int compareTo(PackageFolder other) {
        return path.compareTo(other.path);
    }

    private String part(int index) {
        return path.split("/")[index];
    }

    @Override
    public String toString() {
        return path;
    }
}
