package io.datapunk.lake.postgres;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.spark.LakeSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.QuotingUtils;
import org.apache.spark.sql.functions;

/** Reads what PostgreSQL serves, row by row, and compares it with the version of Delta that it is a copy of. */
public final class HotCopyInspection {
    private final PostgresConnection server;
    private final LakeHome home;
    private final Supplier<SparkSession> spark;

    /** @param spark asked only where something is served */
    public HotCopyInspection(PostgresConnection server, LakeHome home, Supplier<SparkSession> spark) {
        this.server = server;
        this.home = home;
        this.spark = spark;
    }

    /**
     * A copy that holds other rows.
     *
     * @param leaf its table in PostgreSQL
     * @param written whether applications may write it
     */
    public record Difference(
            PartitionName partition,
            String leaf,
            long deltaVersion,
            RowChecksum expected,
            RowChecksum found,
            boolean written) {}

    /**
     * What was compared.
     *
     * @param skipped copies that could not be compared, and why
     */
    public record Report(int compared, List<Difference> differences, List<String> skipped) {}

    private record Copy(PartitionName partition, String leaf, long deltaVersion) {}

    /** The copies of one dataset that were loaded from one version; Delta is read once for them. */
    private record Load(DatasetName dataset, long deltaVersion) implements Comparable<Load> {
        @Override
        public int compareTo(Load other) {
            int byName = dataset.compareTo(other.dataset);
            return byName != 0 ? byName : Long.compare(deltaVersion, other.deltaVersion);
        }
    }

    /** @throws HotStoreUnavailableException where the server does not answer */
    public Report run() {
        Map<Load, List<Copy>> loads = new TreeMap<>();
        for (Copy copy : serving()) {
            loads.computeIfAbsent(new Load(copy.partition().dataset(), copy.deltaVersion()), any -> new ArrayList<>())
                    .add(copy);
        }
        if (loads.isEmpty()) {
            return new Report(0, List.of(), List.of());
        }
        Map<DatasetName, Long> before = Outbox.waiting(server);
        List<Difference> differences = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<Load, List<Copy>> load : loads.entrySet()) {
            try {
                List<Difference> found = compare(load.getKey(), load.getValue(), before.keySet());
                compared += load.getValue().size();
                differences.addAll(found);
            } catch (HotStoreUnavailableException e) {
                throw e;
            } catch (Exception e) {
                // Checked exceptions too: Spark throws them without declaring them.
                load.getValue().forEach(copy -> skipped.add(copy.partition() + ": " + SqlState.message(e)));
            }
        }
        Set<DatasetName> waiting = new HashSet<>();
        before.forEach((dataset, writes) -> {
            if (writes > 0) {
                waiting.add(dataset);
            }
        });
        Outbox.waiting(server).forEach((dataset, writes) -> {
            if (writes > 0) {
                waiting.add(dataset);
            }
        });
        differences.removeIf(
                difference -> waiting.contains(difference.partition().dataset()));
        waiting.forEach(dataset -> skipped.add(
                dataset + ": applications have written what Delta does not have yet; run `lake tier sync` first"));
        return new Report(compared, differences, skipped);
    }

    private List<Copy> serving() {
        List<Copy> serving = new ArrayList<>();
        try (Connection connection = server.open("lake doctor");
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT dataset, partition, leaf, delta_version FROM lake.served WHERE state = 'SERVING'"
                                + " ORDER BY dataset, partition");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                serving.add(new Copy(
                        ServedPartitions.partition(rows.getString(1), rows.getString(2)),
                        rows.getString(3),
                        rows.getLong(4)));
            }
            return serving;
        } catch (SQLException e) {
            if (SqlState.UNDEFINED_TABLE.is(e)) {
                return List.of();
            }
            if (SqlState.isUnreachable(e)) {
                throw new HotStoreUnavailableException(server.url(), e);
            }
            throw SqlState.failure("the hot store at " + server.url() + " could not be read", e);
        }
    }

    private List<Difference> compare(Load load, List<Copy> copies, Set<DatasetName> written) throws SQLException {
        SparkSession session = spark.get();
        String column = copies.get(0).partition().value().orElseThrow().column();
        Dataset<Row> version = session.read()
                .format("delta")
                .option("versionAsOf", load.deltaVersion())
                .load(home.tablePath(load.dataset()));
        Object[] values =
                copies.stream().map(copy -> HotTable.value(copy.partition())).toArray();
        Dataset<Row> rows = version.where(functions
                .col(QuotingUtils.quoteIdentifier(column))
                .cast("string")
                .isin(values));
        TableDefinition definition = LakeTables.find(load.dataset())
                .orElseGet(() -> DeltaSchemas.foreign(load.dataset(), column, rows.schema()));
        Map<String, RowChecksum> expected = LakeSession.internal(session, () -> sums(rows, column, copies));
        List<Difference> differences = new ArrayList<>();
        for (Copy copy : copies) {
            RowChecksum inDelta = expected.getOrDefault(HotTable.value(copy.partition()), RowChecksum.ZERO);
            RowChecksum inPostgres = new LeafReader(server, copy.leaf(), definition).checksum();
            if (!inDelta.equals(inPostgres)) {
                differences.add(new Difference(
                        copy.partition(),
                        copy.leaf(),
                        copy.deltaVersion(),
                        inDelta,
                        inPostgres,
                        written.contains(load.dataset())));
            }
        }
        return differences;
    }

    /** A column that is no text cannot be grouped by; then partition by partition. */
    private static Map<String, RowChecksum> sums(Dataset<Row> rows, String column, List<Copy> copies) {
        if (rows.schema().apply(column).dataType().sameType(org.apache.spark.sql.types.DataTypes.StringType)) {
            return DeltaChecksum.byPartition(rows, column);
        }
        Map<String, RowChecksum> sums = new TreeMap<>();
        for (Copy copy : copies) {
            String value = HotTable.value(copy.partition());
            sums.put(
                    value,
                    DeltaChecksum.of(rows.where(functions
                            .col(QuotingUtils.quoteIdentifier(column))
                            .cast("string")
                            .equalTo(value))));
        }
        return sums;
    }
}
