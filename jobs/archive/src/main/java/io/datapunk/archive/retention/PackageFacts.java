package io.datapunk.archive.retention;

import io.datapunk.lake.config.RetentionConfig.Kind;
import io.datapunk.lake.hold.Hold;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A package of the archive.
 *
 * @param path its folder below the archive
 * @param fingerprint SHA-256 of the file that names all others
 * @param source the dataset whose rows it holds, or {@code export}
 * @param createdAt when it was begun
 * @param bytes of the packs that were written for it
 * @param persons who have something in it
 * @param hasOthers whether something in it is no person's, so that nobody knows whom it is about
 * @param neededBy packages that refer to its packs
 */
public record PackageFacts(
        String path,
        String fingerprint,
        String category,
        String source,
        Instant createdAt,
        long bytes,
        Set<String> persons,
        boolean hasOthers,
        Set<String> neededBy)
        implements Candidate {
    /** What the original exports' packages have for a source. */
    public static final String EXPORT = "export";

    public PackageFacts {
        persons = Set.copyOf(persons);
        neededBy = Set.copyOf(neededBy);
    }

    @Override
    public Subject subject() {
        return new Subject(Kind.PACKAGES, path);
    }

    @Override
    public String dataset() {
        return source;
    }

    @Override
    public Optional<String> partition() {
        return Optional.empty();
    }

    @Override
    public Optional<Instant> since() {
        return Optional.of(createdAt);
    }

    @Override
    public OptionalLong rows() {
        return OptionalLong.empty();
    }

    @Override
    public Optional<DueRows> dueRows() {
        return Optional.empty();
    }

    /** The times of what is in it are encrypted, so that a hold's own do not count. */
    @Override
    public boolean mayBeProtectedBy(Hold hold) {
        return hold.dataset()
                        .map(dataset -> source.equals(EXPORT) || source.equals(dataset.toString()))
                        .orElse(true)
                && hold.userId()
                        .map(user -> hasOthers || persons.contains(user))
                        .orElse(true);
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }
}
