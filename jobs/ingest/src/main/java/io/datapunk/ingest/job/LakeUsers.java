package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.UsersTable;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** The surrogates of the lake's persons. */
final class LakeUsers {
    private static final String LEASE = "users";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SURROGATE_BYTES = 16;

    private final SparkSession spark;
    private final LakeTableFiles lake;
    private final DeltaAppend append;
    private final Leases leases;

    LakeUsers(SparkSession spark, LakeTableFiles lake, DeltaAppend append, Leases leases) {
        this.spark = spark;
        this.lake = lake;
        this.append = append;
        this.leases = leases;
    }

    /** The surrogate of a person; a random one is made for a new name, once, whoever asks at the same time. */
    String surrogate(String name, Instant now) {
        Optional<String> known = find(name);
        if (known.isPresent()) {
            return known.get();
        }
        try (JobLease lease = patiently()) {
            Optional<String> meanwhile = find(name);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            byte[] random = new byte[SURROGATE_BYTES];
            new SecureRandom().nextBytes(random);
            String surrogate = HexFormat.of().formatHex(random);
            append.append(
                    UsersTable.DEFINITION,
                    spark.createDataFrame(
                            List.of(RowFactory.create(surrogate, name, now)),
                            DeltaSchemas.structType(UsersTable.DEFINITION)),
                    new DeltaAppend.Once("users", lease.epoch()));
            return surrogate;
        }
    }

    private Optional<String> find(String name) {
        if (lake.isEmpty(UsersTable.DEFINITION.name())) {
            return Optional.empty();
        }
        List<Row> found = lake.read(UsersTable.DEFINITION.name())
                .where(col(UsersTable.NAME).equalTo(name))
                .select(UsersTable.USER_ID)
                .limit(1)
                .collectAsList();
        return found.stream().findFirst().map(row -> row.getString(0));
    }

    private JobLease patiently() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return leases.acquire(LEASE);
            } catch (LakeException held) {
                if (System.nanoTime() - end >= 0) {
                    throw held;
                }
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }
}
