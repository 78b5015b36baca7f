package io.datapunk.lake.spark;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.DynamicPruningExpression;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.files.TahoeBatchFileIndex;
import org.apache.spark.sql.delta.files.TahoeFileIndex;
import org.apache.spark.sql.delta.stats.DeltaScan;
import org.apache.spark.sql.delta.stats.PreparedDeltaFileIndex;
import org.apache.spark.sql.execution.CommandResultExec;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.ReusedSubqueryExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.execution.columnar.InMemoryTableScanExec;
import org.apache.spark.sql.execution.exchange.ReusedExchangeExec;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Finds the partitions that a physical plan scans, from what Delta prepared when it planned the query: no file is listed
 * and no job is run. Of a scan that Spark pruned while the query ran (a join against a dimension) only the partitions
 * that it left count; see {@link DynamicPruning}.
 */
final class TouchedPartitions {
    private final SessionHome home;
    private final Map<String, Set<String>> partitions = new TreeMap<>();
    private final Set<SparkPlan> visited = Collections.newSetFromMap(new IdentityHashMap<>());

    TouchedPartitions(SessionHome home) {
        this.home = home;
    }

    /**
     * Names of partitions; {@code schema.dataset/*} stands for a partitioned table as a whole.
     *
     * @return with the columns that their rows were filtered by
     */
    Map<String, Set<String>> of(SparkPlan plan) {
        visit(plan);
        return partitions;
    }

    private void visit(SparkPlan plan) {
        if (!visited.add(plan)) {
            return;
        }
        // These keep the plan that they stand for beside their children, not among them.
        if (plan instanceof AdaptiveSparkPlanExec adaptive) {
            visit(adaptive.executedPlan());
        } else if (plan instanceof QueryStageExec stage) {
            visit(stage.plan());
        } else if (plan instanceof ReusedExchangeExec reused) {
            visit(reused.child());
        } else if (plan instanceof ReusedSubqueryExec reused) {
            visit(reused.child());
        } else if (plan instanceof CommandResultExec command) {
            visit(command.commandPhysicalPlan());
        } else if (plan instanceof InMemoryTableScanExec cached) {
            visit(cached.relation().cacheBuilder().cachedPlan());
        } else if (plan instanceof FileSourceScanExec scan
                && scan.relation().location() instanceof TahoeFileIndex index) {
            scanned(index, DynamicPruning.of(scan), filters(scan));
        }
        visitAll(plan.children().iterator());
        visitAll(plan.innerChildren().iterator());
        visitAll(plan.subqueries().iterator());
    }

    private void visitAll(Iterator<? extends TreeNode<?>> nodes) {
        while (nodes.hasNext()) {
            if (nodes.next() instanceof SparkPlan plan) {
                visit(plan);
            }
        }
    }

    /** That a column has a value is nothing by which rows could lie together. */
    private static Set<String> filters(FileSourceScanExec scan) {
        Set<String> columns = new TreeSet<>();
        Stream.of(scan.partitionFilters(), scan.dataFilters())
                .flatMap(filters -> CollectionConverters.asJava(filters).stream())
                .filter(filter -> !(filter instanceof IsNotNull) && !(filter instanceof DynamicPruningExpression))
                .flatMap(filter ->
                        CollectionConverters.asJava(filter.references().toList()).stream())
                .forEach(column -> columns.add(column.name()));
        return columns;
    }

    private void scanned(TahoeFileIndex index, DynamicPruning pruning, Set<String> filters) {
        Optional<DatasetName> dataset = home.datasetAt(index.path());
        if (dataset.isEmpty()) {
            return;
        }
        if (index.partitionSchema().isEmpty()) {
            add(PartitionName.whole(dataset.get()).toString(), filters);
        } else if (index instanceof PreparedDeltaFileIndex prepared) {
            DeltaScan scan = prepared.preparedScan();
            if (isWhole(scan) && !pruning.isKnown()) {
                add(dataset.get() + "/*", filters);
            } else {
                addPartitions(dataset.get(), scan.files().iterator(), pruning, filters);
            }
        } else if (index instanceof TahoeBatchFileIndex batch) {
            addPartitions(dataset.get(), batch.addFiles().iterator(), pruning, filters);
        } else {
            // Delta chooses the files of such a scan only when it runs; the whole table is the safe answer.
            add(dataset.get() + "/*", filters);
        }
    }

    /** A query may scan a table twice. */
    private void add(String partition, Set<String> filters) {
        partitions.computeIfAbsent(partition, name -> new TreeSet<>()).addAll(filters);
    }

    private static boolean isWhole(DeltaScan scan) {
        return scan.partitionFilters().isEmpty()
                && scan.dataFilters().isEmpty()
                && scan.scanned().files().isDefined()
                && scan.scanned().files().equals(scan.total().files());
    }

    private void addPartitions(
            DatasetName dataset, Iterator<AddFile> files, DynamicPruning pruning, Set<String> filters) {
        while (files.hasNext()) {
            Map<String, String> values =
                    CollectionConverters.asJava(files.next().partitionValues());
            if (pruning.leaves(values)) {
                values.forEach((column, value) -> add(
                        PartitionName.of(dataset, column, value == null ? PartitionValue.NO_VALUE : value)
                                .toString(),
                        filters));
            }
        }
    }
}
