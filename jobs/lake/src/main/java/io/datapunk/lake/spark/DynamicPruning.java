package io.datapunk.lake.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.DynamicPruningExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.InSubqueryExec;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a scan's dynamic filters left of its partitions, once the query has run. A filter that did not run, or that is
 * about anything but a text column as it is, leaves all: then a partition may count that was not read, never the other
 * way round.
 */
final class DynamicPruning {
    private final Map<String, Set<String>> leftByColumn = new HashMap<>();

    private DynamicPruning() {}

    static DynamicPruning of(FileSourceScanExec scan) {
        DynamicPruning pruning = new DynamicPruning();
        for (Expression filter : CollectionConverters.asJava(scan.partitionFilters())) {
            if (filter instanceof DynamicPruningExpression dynamic
                    && dynamic.child() instanceof InSubqueryExec in
                    && in.child() instanceof AttributeReference column
                    && column.dataType() instanceof StringType) {
                pruning.add(column.name(), in);
            }
        }
        return pruning;
    }

    private void add(String column, InSubqueryExec in) {
        if (in.values().isEmpty()) {
            return;
        }
        Set<String> values = new TreeSet<>();
        for (Object value : in.values().get()) {
            // Null equals nothing, so it leaves no partition.
            if (value != null) {
                values.add(value.toString());
            }
        }
        leftByColumn.merge(column, values, (one, other) -> {
            one.retainAll(other);
            return one;
        });
    }

    /** Whether any filter is known to have run. */
    boolean isKnown() {
        return !leftByColumn.isEmpty();
    }

    /** Whether a partition was left. */
    boolean leaves(Map<String, String> partitionValues) {
        return leftByColumn.entrySet().stream().allMatch(column -> {
            String value = partitionValues.get(column.getKey());
            return value == null
                    ? !partitionValues.containsKey(column.getKey())
                    : column.getValue().contains(value);
        });
    }
}
