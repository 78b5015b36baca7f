package io.datapunk.archive.retention;

import io.datapunk.lake.hold.Hold;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What is known of something that may expire. */
public sealed interface Candidate permits PartitionFacts, PackageFacts {
    Subject subject();

    /** What a plan decided about; where it is another one, the plan does not hold any more. */
    String fingerprint();

    /** What rules call the dataset. */
    String dataset();

    /** {@code column=value}; empty for a package. */
    Optional<String> partition();

    /** Of compliance. */
    String category();

    /** From when its age counts; empty where nobody knows. */
    Optional<Instant> since();

    /** Empty where they were not counted. */
    OptionalLong rows();

    long bytes();

    /** Rows of it that are due although it may be young; empty where rows cannot be told apart. */
    Optional<DueRows> dueRows();

    /** Where it cannot be told apart, a hold protects it. */
    boolean mayBeProtectedBy(Hold hold);

    /** Why it cannot be removed as it lies, and what to do about it. */
    Optional<String> obstacle();

    /** The folders of packages that cannot be read without it. */
    Set<String> neededBy();
}
