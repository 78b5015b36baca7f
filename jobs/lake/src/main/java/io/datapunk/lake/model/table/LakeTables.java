package io.datapunk.lake.model.table;

import io.datapunk.lake.model.DatasetName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The catalogue of the tables that the lake defines. */
public final class LakeTables {
    private static final List<TableDefinition> OWN = List.of(
            ActivityTable.DEFINITION,
            MessagesTable.DEFINITION,
            LocationsTable.DEFINITION,
            MediaTable.DEFINITION,
            RecordsTable.DEFINITION,
            ImportJobsTable.DEFINITION,
            ImportFilesTable.DEFINITION,
            DuplicatesTable.DEFINITION,
            QuarantineTable.DEFINITION,
            UsersTable.DEFINITION,
            AccessLogTable.DEFINITION,
            AccessHoursTable.DEFINITION,
            AccessInputsTable.DEFINITION,
            MovesTable.DEFINITION,
            PartitionStatsTable.DEFINITION,
            AuditLogTable.DEFINITION,
            ArchivePackagesTable.DEFINITION,
            ArchiveContentsTable.DEFINITION,
            ArchiveReasonsTable.DEFINITION,
            ArchiveDrillsTable.DEFINITION,
            ArchiveRowsTable.DEFINITION,
            ArchiveDeletionsTable.DEFINITION,
            VectorNeighboursTable.DEFINITION,
            VectorClustersTable.DEFINITION,
            VectorOutliersTable.DEFINITION,
            VectorBuildsTable.DEFINITION,
            ActivityDailyTable.DEFINITION,
            SessionsTable.DEFINITION,
            RankingTables.DOMAINS,
            RankingTables.CHANNELS,
            RankingTables.ARTISTS,
            StaysTable.DEFINITION,
            TripsTable.DEFINITION,
            PlacesTable.DEFINITION,
            CommunicationTable.DEFINITION,
            TimeProfileTable.DEFINITION,
            RollupTables.HOURLY,
            RollupTables.DAILY,
            TrendsTable.DEFINITION,
            DatasetUsageTable.DEFINITION,
            HotSpotsTable.DEFINITION,
            QualityChecksTable.DEFINITION,
            MaintenanceTable.DEFINITION,
            AdviceTable.DEFINITION,
            ComplianceTable.DEFINITION,
            StorageTables.MEASURED,
            StorageTables.FORESEEN);
    private static final List<TableDefinition> ALL =
            Stream.concat(OWN.stream(), OperationalTables.ALL.stream()).toList();

    private LakeTables() {}

    public static List<TableDefinition> all() {
        return ALL;
    }

    /** Whether the lake makes the table, so that its log quotes no values of its rows: also of any collection of vectors. */
    public static boolean isOwn(DatasetName name) {
        return name.schema().equals(VectorsTable.SCHEMA) || find(name).isPresent();
    }

    /** The definition of a table, empty for one that the lake does not define. */
    public static Optional<TableDefinition> find(DatasetName name) {
        return ALL.stream().filter(table -> table.name().equals(name)).findFirst();
    }
}
