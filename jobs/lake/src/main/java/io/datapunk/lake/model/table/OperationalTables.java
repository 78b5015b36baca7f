package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.BOOLEAN;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.JSON;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;
import static io.datapunk.lake.model.table.ColumnType.Primitive.UUID;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.DecimalOf;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables that applications fill in PostgreSQL and that Delta has copies of (seed 001). Their migration makes them there;
 * here stands what they look like in Delta.
 */
public final class OperationalTables {
    public static final String COMPONENT = "component";
    public static final String METRICS_DATA = "metrics_data";
    public static final String MEASURED_AT = "measured_at";
    public static final String EXECUTED_AT = "executed_at";
    public static final String DURATION_MS = "duration_ms";

    private static final String SCHEMA = "ops";
    private static final String KEY = "key";
    private static final DecimalOf SHARE = new DecimalOf(5, 4);

    private static final TableDefinition WORKFLOW_EXECUTIONS = events(
            "workflow_executions",
            "Runs of workflows.",
            "started_at",
            Column.required("workflow_id", STRING, "Workflow"),
            Column.required("alert_id", STRING, "Alert that began it"),
            Column.required("status", STRING, "pending, running, completed, failed or cancelled"),
            Column.required("started_at", TIMESTAMP, "When it began").withStatistics(),
            Column.optional("completed_at", TIMESTAMP, "When it ended").withStatistics(),
            Column.optional("execution_log", JSON, "What it did, as JSON"),
            Column.optional("metadata", JSON, "Further facts, as JSON"),
            Column.optional("error_message", STRING, "Why it failed"),
            Column.optional("retry_count", INT, "How often it was tried again"),
            Column.optional("created_by", STRING, "Who began it"));

    public static final TableDefinition ACTION_HISTORY = events(
            "action_history",
            "Actions that were taken.",
            EXECUTED_AT,
            Column.required("alert_id", STRING, "Alert that it answers"),
            Column.optional("workflow_execution_id", UUID, "Run that it belongs to, in ops.workflow_executions"),
            Column.required("action_type", STRING, "What was done"),
            Column.optional("action_parameters", JSON, "With which parameters, as JSON"),
            Column.required("success", BOOLEAN, "Whether it worked"),
            Column.required(EXECUTED_AT, TIMESTAMP, "When").withStatistics(),
            Column.optional(DURATION_MS, INT, "How long it took, in milliseconds"),
            Column.optional("error_message", STRING, "Why it failed"),
            Column.optional("context_hash", STRING, "Hash of what was known then"),
            Column.optional("namespace", STRING, "Where"),
            Column.optional("resource_type", STRING, "Kind of what it changed"),
            Column.optional("resource_name", STRING, "Name of what it changed"));

    private static final TableDefinition ALERT_CONTEXT = events(
            "alert_context",
            "What was known around an alert.",
            "created_at",
            Column.required("alert_id", STRING, "Alert"),
            Column.required("context_data", JSON, "What was known, as JSON"),
            Column.optional("context_hash", STRING, "Hash of it"),
            Column.required("created_at", TIMESTAMP, "When").withStatistics(),
            Column.optional("expires_at", TIMESTAMP, "Until when it is of use").withStatistics());

    private static final TableDefinition EFFECTIVENESS_ASSESSMENTS = events(
            "effectiveness_assessments",
            "How well actions worked.",
            MEASURED_AT,
            Column.required("action_id", UUID, "Action, in ops.action_history"),
            Column.optional("success_score", SHARE, "0 to 1"),
            Column.required(MEASURED_AT, TIMESTAMP, "When").withStatistics(),
            Column.optional("context_hash", STRING, "Hash of what was known then"),
            Column.optional("feedback", STRING, "What people said of it"));

    private static final TableDefinition AUDIT_LOGS = events(
            "audit_logs",
            "Who did what in the applications.",
            "timestamp",
            Column.optional("user_id", STRING, "Who; a user of the applications"),
            Column.required("action", STRING, "What"),
            Column.optional("resource", STRING, "To what"),
            Column.required("timestamp", TIMESTAMP, "When").withStatistics(),
            Column.optional("ip_address", STRING, "From where"));

    public static final TableDefinition HEALTH_METRICS = events(
            "health_metrics",
            "State of the applications' parts over time.",
            MEASURED_AT,
            Column.required(COMPONENT, STRING, "Part"),
            Column.required("status", STRING, "State"),
            Column.optional(METRICS_DATA, JSON, "Measurements, as JSON"),
            Column.required(MEASURED_AT, TIMESTAMP, "When").withStatistics(),
            Column.optional("alert_level", STRING, "How bad it is"));

    private static final TableDefinition PATTERN_SIGNATURES = state(
            "pattern_signatures",
            "Patterns that were found.",
            ProvenanceColumns.ID,
            id(),
            Column.required("signature", STRING, "What it is known by"),
            Column.required("alert_type", STRING, "Kind of alert"),
            Column.required("pattern_data", JSON, "The pattern, as JSON"),
            Column.required("confidence", SHARE, "0 to 1"),
            Column.required("occurrence_count", INT, "How often it was seen"),
            Column.optional("success_rate", SHARE, "0 to 1"),
            Column.required("last_seen", TIMESTAMP, "When it was seen last").withStatistics(),
            Column.required("created_at", TIMESTAMP, "When it was found").withStatistics(),
            Column.required("updated_at", TIMESTAMP, "When the row was changed last")
                    .withStatistics());

    private static final TableDefinition AI_MODEL_TRAINING = state(
            "ai_model_training",
            "Models and what they were trained with.",
            ProvenanceColumns.ID,
            id(),
            Column.required("model_type", STRING, "Kind of model"),
            Column.optional("training_data", JSON, "What it was trained with, as JSON"),
            Column.optional("accuracy", SHARE, "0 to 1"),
            Column.optional("deployed_at", TIMESTAMP, "When it went into use").withStatistics(),
            Column.required("version", STRING, "Version"));

    private static final TableDefinition SYSTEM_CONFIG = state(
            "system_config",
            "Settings of the applications.",
            KEY,
            Column.required(KEY, STRING, "Setting"),
            Column.optional("value", STRING, "Its value"),
            Column.optional("category", STRING, "Group that it belongs to"),
            Column.required("updated_at", TIMESTAMP, "When it was changed last").withStatistics(),
            Column.optional("created_by", STRING, "Who made it"),
            Column.required("is_encrypted", BOOLEAN, "Whether the application has encrypted the value"));

    static final List<TableDefinition> ALL = List.of(
            WORKFLOW_EXECUTIONS,
            ACTION_HISTORY,
            ALERT_CONTEXT,
            EFFECTIVENESS_ASSESSMENTS,
            AUDIT_LOGS,
            HEALTH_METRICS,
            PATTERN_SIGNATURES,
            AI_MODEL_TRAINING,
            SYSTEM_CONFIG);

    private OperationalTables() {}

    private static Column id() {
        return Column.required(ProvenanceColumns.ID, UUID, "Key of the row").withDistinctValues();
    }

    private static TableDefinition events(String name, String comment, String time, Column... columns) {
        List<Column> all = new ArrayList<>(List.of(columns));
        all.add(0, id());
        all.add(Column.required(EventColumns.MONTH, STRING, "UTC month of " + time));
        return new TableDefinition(
                new DatasetName(SCHEMA, name),
                PartitionedBy.MONTH,
                all,
                List.of(time),
                true,
                List.of(ProvenanceColumns.ID, EventColumns.MONTH),
                comment);
    }

    private static TableDefinition state(String name, String comment, String key, Column... columns) {
        return new TableDefinition(
                new DatasetName(SCHEMA, name),
                PartitionedBy.NOTHING,
                List.of(columns),
                List.of(key),
                true,
                List.of(key),
                comment);
    }
}
