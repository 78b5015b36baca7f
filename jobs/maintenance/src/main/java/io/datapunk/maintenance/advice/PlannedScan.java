package io.datapunk.maintenance.advice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import io.datapunk.lake.postgres.TuningTrials.SearchedColumn;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A place in a query's plan where a table is read.
 *
 * @param isSequential from its beginning to its end
 * @param columns that rows have to match there, found by an index or not
 */
record PlannedScan(TableName table, boolean isSequential, List<SearchedColumn> columns) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> CONDITIONS = List.of("Filter", "Index Cond", "Recheck Cond");

    /** @param plan as {@code EXPLAIN (VERBOSE, FORMAT JSON)} prints it */
    static List<PlannedScan> of(String plan) {
        try {
            return nodes(JSON.readTree(plan).path(0).path("Plan"))
                    .filter(node -> node.has("Relation Name") && !node.has("Operation"))
                    .map(PlannedScan::scan)
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no plan: " + plan, e);
        }
    }

    /** A bitmap scan says again, as rechecked, what its indexes are searched for. */
    private static PlannedScan scan(JsonNode node) {
        return new PlannedScan(
                new TableName(
                        node.path("Schema").asText(), node.path("Relation Name").asText()),
                node.path("Node Type").asText().equals("Seq Scan"),
                CONDITIONS.stream()
                        .map(node::path)
                        .filter(JsonNode::isTextual)
                        .flatMap(text -> ScanConditions.of(text.asText()).stream())
                        .distinct()
                        .toList());
    }

    private static Stream<JsonNode> nodes(JsonNode node) {
        return Stream.concat(
                Stream.of(node),
                StreamSupport.stream(node.path("Plans").spliterator(), false).flatMap(PlannedScan::nodes));
    }
}
