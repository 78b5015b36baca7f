package io.datapunk.lake.spark;

import io.datapunk.lake.model.LakeException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;

/** Turns what Spark throws at a statement into what a person can act on. */
final class SqlFailure {
    private static final Pattern CONDITION = Pattern.compile("^\\[[A-Z0-9_.]+\\] ?");
    private static final Pattern SQL_STATE = Pattern.compile(" ?SQLSTATE: [0-9A-Z]{5}");
    private static final int TABLES_NAMED = 12;

    private final SparkSession session;

    SqlFailure(SparkSession session) {
        this.session = session;
    }

    LakeException explain(Throwable failure) {
        Throwable telling = telling(failure);
        if (telling instanceof LakeException ours) {
            return ours;
        }
        String condition = telling instanceof SparkThrowable spark && spark.getCondition() != null
                ? spark.getCondition()
                : telling.getClass().getSimpleName();
        Map<String, String> parameters = parameters(telling);
        if (condition.startsWith("TABLE_OR_VIEW_NOT_FOUND")) {
            return unknownTable(unquoted(parameters.getOrDefault("relationName", "that")), telling);
        }
        if (condition.startsWith("SCHEMA_NOT_FOUND")) {
            return LakeException.failed(
                    "there is no schema " + unquoted(parameters.getOrDefault("schemaName", "of that name")),
                    "the lake has " + list(tables()),
                    "name one of these; `lake tables` says what is in them",
                    telling);
        }
        if (condition.startsWith("UNRESOLVED_COLUMN")) {
            return LakeException.failed(
                    "there is no column " + unquoted(parameters.getOrDefault("objectName", "of that name")),
                    parameters.containsKey("proposal")
                            ? "the columns most like it are " + unquoted(parameters.get("proposal"))
                            : "the statement's tables have no such column",
                    "`lake sql \"describe schema.table\"` lists a table's columns",
                    telling);
        }
        if (condition.startsWith("PARSE_")) {
            return LakeException.failed(
                    "the statement cannot be read",
                    firstLine(telling),
                    "correct it there; the language is Spark SQL",
                    telling);
        }
        return LakeException.failed(
                "the statement failed",
                firstLine(telling),
                "Spark calls this " + condition + "; correct the statement, or the data that it meets",
                telling);
    }

    /** The innermost failure that Spark gives a name, else the innermost. */
    private static Throwable telling(Throwable failure) {
        Throwable named = failure;
        Throwable last = failure;
        for (Throwable next = failure; next != null && next.getCause() != next; next = next.getCause()) {
            last = next;
            if (next instanceof LakeException
                    || (next instanceof SparkThrowable spark && spark.getCondition() != null)) {
                named = next;
            }
        }
        return named instanceof SparkThrowable || named instanceof LakeException ? named : last;
    }

    private LakeException unknownTable(String name, Throwable cause) {
        List<String> tables = tables();
        Optional<String> similar = tables.stream()
                .filter(table -> distance(name, table) <= Math.max(3, name.length() / 3) || table.endsWith("." + name))
                .min(Comparator.comparingInt(table -> distance(name, table)));
        return LakeException.failed(
                "there is no table " + name,
                tables.isEmpty() ? "the lake has no tables yet" : "the lake has " + list(tables),
                similar.map(table -> "did you mean " + table + "?").orElse("`lake tables` lists what can be read"),
                cause);
    }

    private List<String> tables() {
        return LakeCatalog.of(session).map(LakeCatalog::tables).orElse(List.of());
    }

    private static String list(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(TABLES_NAMED, names.size())));
        return names.size() > TABLES_NAMED ? shown + " and " + (names.size() - TABLES_NAMED) + " more" : shown;
    }

    private static int distance(String one, String other) {
        return LevenshteinDistance.getDefaultInstance().apply(one, other);
    }

    private static Map<String, String> parameters(Throwable failure) {
        return failure instanceof SparkThrowable spark && spark.getMessageParameters() != null
                ? spark.getMessageParameters()
                : new HashMap<>();
    }

    private static String unquoted(String name) {
        return name.replace("`", "");
    }

    private static String firstLine(Throwable failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String line = message.strip().lines().findFirst().orElse("");
        String clear =
                SQL_STATE.matcher(CONDITION.matcher(line).replaceFirst("")).replaceAll("");
        return clear.replaceFirst("[.;:]+\\s*$", "");
    }
}
