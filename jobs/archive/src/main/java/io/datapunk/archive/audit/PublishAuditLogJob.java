package io.datapunk.archive.audit;

import io.datapunk.lake.audit.AuditRecord;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.delta.DeltaMerge;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.AuditLogTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Brings the audit log's new entries into {@code archive.audit_log}. Each commit carries the number of the entry that
 * comes next, so that a run that was killed, or runs again, adds nothing twice.
 */
public final class PublishAuditLogJob {
    private static final String APPLICATION = "archive:audit-log";
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    /** Entries in a commit: what the driver holds at a time. */
    private static final int BATCH = 50_000;

    private final LakeHome home;
    private final SparkSession spark;
    private final AuditTrail trail;
    private final int batch;

    public PublishAuditLogJob(LakeConfig config, LakeHome home, SparkSession spark) {
        this(config, home, spark, BATCH);
    }

    PublishAuditLogJob(LakeConfig config, LakeHome home, SparkSession spark, int batch) {
        this.home = home;
        this.spark = spark;
        this.trail = AuditTrail.of(config, home);
        this.batch = batch;
    }

    /**
     * What the table holds now.
     *
     * @param added entries that this run has brought
     * @param entries that it has in all
     */
    public record Published(long added, long entries) {}

    /** @throws LakeException where another run is under way; (gate) where an entry is damaged */
    public Published run() {
        try (JobLease lease = new Leases(home).acquire("audit-publish")) {
            return LakeSession.internal(spark, () -> {
                DeltaTables.ensure(spark, home, AuditLogTable.DEFINITION);
                long from = published();
                List<Row> rows = new ArrayList<>();
                trail.read(from, entry -> {
                    rows.add(row(entry));
                    if (rows.size() == batch) {
                        append(rows);
                        rows.clear();
                    }
                });
                if (!rows.isEmpty()) {
                    append(rows);
                }
                long end = published();
                return new Published(end - from, end);
            });
        }
    }

    /** How many entries the table has: the number of the one that comes next. */
    private long published() {
        return new DeltaMerge(spark, home).lastVersion(AuditLogTable.DEFINITION, APPLICATION);
    }

    private void append(List<Row> rows) {
        long last = rows.get(rows.size() - 1).getLong(0);
        new DeltaAppend(spark, home)
                .append(
                        AuditLogTable.DEFINITION,
                        spark.createDataFrame(List.copyOf(rows), DeltaSchemas.structType(AuditLogTable.DEFINITION)),
                        new Once(APPLICATION, last + 1));
    }

    private static Row row(AuditRecord entry) {
        return RowFactory.create(
                entry.sequence(),
                entry.at(),
                entry.actor(),
                entry.action(),
                entry.subject(),
                entry.details(),
                entry.leafHash(),
                MONTH.format(entry.at()));
    }
}
