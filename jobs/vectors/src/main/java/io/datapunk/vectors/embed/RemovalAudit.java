package io.datapunk.vectors.embed;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.table.VectorsTable;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Writes down, before it is done, that vectors are removed. */
final class RemovalAudit {
    private final AuditLog log;

    RemovalAudit(LakeConfig config, LakeHome home) {
        this.log = AuditLog.of(config, home);
    }

    /** @param source what is known of where the rows are gone; empty where they are only too old */
    void append(CollectionConfig collection, Instant now, long rows, Map<String, String> source) {
        Map<String, String> details = new TreeMap<>(source);
        details.put("rows", Long.toString(rows));
        collection.keptFrom(now).ifPresent(before -> details.put("before", before.toString()));
        log.append(new AuditEvent(
                now,
                "vectors",
                "vectors.remove",
                VectorsTable.name(collection.name()).toString(),
                details));
    }
}
