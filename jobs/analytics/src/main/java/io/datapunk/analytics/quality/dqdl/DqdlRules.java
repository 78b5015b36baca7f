package io.datapunk.analytics.quality.dqdl;

import io.datapunk.analytics.quality.rule.CheckType;
import io.datapunk.analytics.quality.rule.Expectation;
import io.datapunk.analytics.quality.rule.Measure;
import io.datapunk.analytics.quality.rule.Measure.Statistic;
import io.datapunk.analytics.quality.rule.Rule;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import software.amazon.glue.dqdl.exception.InvalidDataQualityRulesetException;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.DQRuleLogicalOperator;
import software.amazon.glue.dqdl.model.condition.string.StringBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringBasedConditionOperator;
import software.amazon.glue.dqdl.parser.DQDLParser;

/**
 * Reads rules in DQDL. They mean what they mean in AWS Glue, except that {@code DataFreshness} looks at the newest value of
 * a column rather than at each (a lake keeps old rows on purpose), and that {@code DetectAnomalies} compares months of the
 * table rather than runs, also by how a column's values are distributed. A rule {@code with constraint = "name"} becomes a
 * constraint of the Delta table.
 */
public final class DqdlRules {
    private static final String COLUMN = "TargetColumn";
    private static final String METRIC = "MetricParameter";
    private static final String CONSTRAINT = "constraint";
    private static final Pattern CONSTRAINT_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern COLUMNS =
            Pattern.compile("(?<table>[^{}]+)\\.(?:\\{(?<several>[^}]+)}|(?<one>[^.{}]+))");
    private static final Map<String, String> TYPES = Map.of(
            "boolean", "boolean",
            "date", "date",
            "timestamp", "timestamp",
            "integer", "int",
            "long", "bigint",
            "double", "double");

    private final Instant now;
    private final List<String> problems = new ArrayList<>();

    private DqdlRules(Instant now) {
        this.now = now;
    }

    /**
     * @param name of what the text is, for messages
     * @param now for conditions that ask how long ago something was
     * @throws LakeException (usage) that tells all rules that cannot be measured
     */
    public static List<Rule> parse(String name, String text, Instant now) {
        List<DQRule> parsed;
        try {
            parsed = new DQDLParser().parse(text).getRules();
        } catch (InvalidDataQualityRulesetException e) {
            throw LakeException.usage(
                    "the rules of quality in " + name + " are not DQDL",
                    String.valueOf(e.getMessage()).strip(),
                    "correct the line; the files in conf/quality show the form");
        }
        DqdlRules reader = new DqdlRules(now);
        List<Rule> rules =
                parsed.stream().flatMap(rule -> reader.read(rule).stream()).toList();
        if (!reader.problems.isEmpty()) {
            throw LakeException.usage(
                    "rules of quality in " + name + " cannot be measured",
                    String.join("; ", reader.problems),
                    "correct them; the files in conf/quality show the form");
        }
        return rules;
    }

    private Optional<Rule> read(DQRule rule) {
        if (rule.getNestedRules() != null && !rule.getNestedRules().isEmpty()) {
            List<Rule> parts = rule.getNestedRules().stream()
                    .flatMap(part -> part(part).stream())
                    .toList();
            return parts.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new Rule.Compound(rule.toString(), rule.getOperator() == DQRuleLogicalOperator.AND, parts));
        }
        try {
            return Optional.of(simple(rule));
        } catch (RuleProblem | LakeException e) {
            problems.add(rule + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Rule> part(DQRule rule) {
        if (Expectations.lookBack(rule)) {
            problems.add(rule + ": what was measured before is known of whole rules only, make it one of its own");
            return Optional.empty();
        }
        return read(rule);
    }

    private Rule simple(DQRule rule) {
        return switch (rule.getRuleType()) {
            case "RowCount" -> aggregate(rule, CheckType.VOLUME, "count(1)");
            case "ColumnCount" -> number(rule, CheckType.SCHEMA, new Measure.Columns());
            case "ColumnExists" -> all(rule, CheckType.SCHEMA, new Measure.ColumnPresent(parameter(rule, COLUMN)));
            case "ColumnNamesMatchPattern" ->
                all(rule, CheckType.SCHEMA, new Measure.ColumnsNamed(pattern(parameter(rule, "PatternToMatch"))));
            case "IsComplete" -> all(rule, CheckType.COMPLETENESS, present(rule));
            case "Completeness" -> number(rule, CheckType.COMPLETENESS, present(rule));
            case "IsUnique" -> all(rule, CheckType.UNIQUENESS, groups(rule, Statistic.UNIQUENESS));
            case "IsPrimaryKey" -> all(rule, CheckType.UNIQUENESS, groups(rule, Statistic.KEY));
            case "Uniqueness" -> number(rule, CheckType.UNIQUENESS, groups(rule, Statistic.UNIQUENESS));
            case "UniqueValueRatio" -> number(rule, CheckType.UNIQUENESS, groups(rule, Statistic.UNIQUE_VALUE_RATIO));
            case "DistinctValuesCount" -> number(rule, CheckType.UNIQUENESS, groups(rule, Statistic.DISTINCT));
            case "Entropy" -> number(rule, CheckType.RANGE, groups(rule, Statistic.ENTROPY));
            case "Mean" -> aggregate(rule, CheckType.RANGE, "avg(" + column(rule) + ")");
            case "Sum" -> aggregate(rule, CheckType.RANGE, "sum(" + column(rule) + ")");
            case "StandardDeviation" -> aggregate(rule, CheckType.RANGE, "stddev_pop(" + column(rule) + ")");
            case "ColumnCorrelation" ->
                aggregate(
                        rule,
                        CheckType.RANGE,
                        "corr(" + ColumnSql.quoted(parameter(rule, COLUMN + "1")) + ", "
                                + ColumnSql.quoted(parameter(rule, COLUMN + "2")) + ")");
            case "ColumnValues" -> values(rule, isPattern(rule) ? CheckType.PATTERN : CheckType.RANGE, column(rule));
            case "ColumnLength" -> values(rule, CheckType.RANGE, "length(" + column(rule) + ")");
            case "ColumnDataType" -> dataType(rule);
            case "DataFreshness" ->
                rule(
                        rule,
                        CheckType.FRESHNESS,
                        new Measure.Aggregate(
                                "min(" + now.getEpochSecond() + " - unix_seconds(cast(" + column(rule)
                                        + " AS TIMESTAMP)))",
                                where(rule)),
                        Expectations.age(rule.getCondition()));
            case "ReferentialIntegrity" -> number(rule, CheckType.REFERENTIAL, references(rule));
            case "RowCountMatch" ->
                number(
                        rule,
                        CheckType.VOLUME,
                        new Measure.RowsBeside(DatasetName.parse(parameter(rule, "ReferenceDatasetAlias"))));
            case "CustomSql" ->
                number(rule, CheckType.CUSTOM, new Measure.Query(parameter(rule, "CustomSqlStatement")));
            case "DetectAnomalies" -> anomalies(rule);
            default -> throw new RuleProblem(rule.getRuleType() + " is not measured here");
        };
    }

    private Rule aggregate(DQRule rule, CheckType type, String aggregate) {
        return number(rule, type, new Measure.Aggregate(aggregate, where(rule)));
    }

    private Rule number(DQRule rule, CheckType type, Measure measure) {
        return rule(rule, type, measure, Expectations.number(rule, rule.getCondition()));
    }

    private Rule all(DQRule rule, CheckType type, Measure measure) {
        return rule(rule, type, measure, Expectation.ALL);
    }

    /** Each value has to meet the condition, or as many of them as the rule's threshold says. */
    private Rule values(DQRule rule, CheckType type, String value) {
        return shares(rule, type, new ColumnSql(value, now).of(rule.getCondition()));
    }

    private Rule shares(DQRule rule, CheckType type, String good) {
        Expectation expectation = rule.getThresholdCondition() == null
                ? Expectation.ALL
                : Expectations.number(rule, rule.getThresholdCondition());
        return rule(rule, type, new Measure.Share(good, where(rule)), expectation);
    }

    private Rule dataType(DQRule rule) {
        String name = rule.getCondition() instanceof StringBasedCondition condition
                        && condition.getOperator() == StringBasedConditionOperator.EQUALS
                ? condition.getOperands().get(0).getOperand().toLowerCase(Locale.ROOT)
                : "";
        if (!TYPES.containsKey(name)) {
            throw new RuleProblem("it needs one of the types "
                    + String.join(", ", TYPES.keySet().stream().sorted().toList()) + ", as = \"Integer\"");
        }
        String column = column(rule);
        return shares(
                rule,
                CheckType.PATTERN,
                "(" + column + " IS NULL OR try_cast(cast(" + column + " AS STRING) AS " + TYPES.get(name)
                        + ") IS NOT NULL)");
    }

    private Rule anomalies(DQRule rule) {
        String metric = parameter(rule, METRIC + "1");
        String column = rule.getParameters().get(METRIC + "2");
        if (metric.equals("RowCount") && column == null) {
            return rule(rule, CheckType.VOLUME, new Measure.Surprise("count(1)"), Expectation.NO_SURPRISE);
        }
        if (column == null) {
            throw new RuleProblem("it needs a column, as \"" + metric + "\" of \"title\"");
        }
        String quoted = ColumnSql.quoted(column);
        Measure measure =
                switch (metric) {
                    case "Distribution" -> new Measure.Shift(column);
                    case "Completeness" -> new Measure.Surprise("count(" + quoted + ") / count(1)");
                    case "Mean" -> new Measure.Surprise("avg(" + quoted + ")");
                    case "StandardDeviation" -> new Measure.Surprise("stddev_pop(" + quoted + ")");
                    case "DistinctValuesCount" -> new Measure.Surprise("count(DISTINCT " + quoted + ")");
                    default ->
                        throw new RuleProblem(
                                "there is no metric " + metric + ": RowCount, or Distribution, Completeness,"
                                        + " Mean, StandardDeviation or DistinctValuesCount of a column");
                };
        return rule(rule, CheckType.DRIFT, measure, Expectation.NO_SURPRISE);
    }

    private static Rule rule(DQRule rule, CheckType type, Measure measure, Expectation expectation) {
        return new Rule.Simple(rule.toString(), type, measure, expectation, constraint(rule, measure, expectation));
    }

    private static Optional<String> constraint(DQRule rule, Measure measure, Expectation expectation) {
        Optional<String> name = Optional.ofNullable(rule.getTags()).map(tags -> tags.get(CONSTRAINT));
        if (name.isEmpty()) {
            return name;
        }
        if (!CONSTRAINT_NAME.matcher(name.get()).matches()) {
            throw new RuleProblem("a constraint's name matches " + CONSTRAINT_NAME.pattern());
        }
        boolean everyRow = measure instanceof Measure.Share
                && expectation == Expectation.ALL
                && !rule.toString().contains("now()");
        if (!everyRow) {
            throw new RuleProblem("only what holds for every row, and at any time, can be a constraint");
        }
        return name;
    }

    private static Measure present(DQRule rule) {
        return new Measure.Share("(" + column(rule) + " IS NOT NULL)", where(rule));
    }

    private static Measure groups(DQRule rule, Statistic statistic) {
        // A primary key may be of several columns, which the parser gives as TargetColumn1, TargetColumn2 and so on.
        List<String> columns = rule.getParameters().entrySet().stream()
                .filter(parameter -> parameter.getKey().startsWith(COLUMN))
                .map(Map.Entry::getValue)
                .toList();
        return new Measure.Groups(statistic, columns, where(rule));
    }

    private static Measure references(DQRule rule) {
        String reference = parameter(rule, "ReferenceDatasetColumns");
        Matcher keys = COLUMNS.matcher(reference);
        if (!keys.matches()) {
            throw new RuleProblem(
                    "'" + reference + "' is none of schema.table.column and schema.table.{column,column}");
        }
        List<String> columns = names(parameter(rule, "PrimaryDatasetColumns"));
        List<String> names = names(keys.group("several") == null ? keys.group("one") : keys.group("several"));
        if (columns.size() != names.size()) {
            throw new RuleProblem("it names " + columns + " here and " + names + " there");
        }
        return new Measure.References(columns, DatasetName.parse(keys.group("table")), names);
    }

    private static List<String> names(String text) {
        return Stream.of(text.split(",", -1)).map(String::strip).toList();
    }

    private static boolean isPattern(DQRule rule) {
        return rule.getCondition() instanceof StringBasedCondition condition
                && (condition.getOperator() == StringBasedConditionOperator.MATCHES
                        || condition.getOperator() == StringBasedConditionOperator.NOT_MATCHES);
    }

    private static String pattern(String text) {
        try {
            return Pattern.compile(text).pattern();
        } catch (PatternSyntaxException e) {
            throw new RuleProblem("'" + text + "' is not a regular expression: " + e.getDescription());
        }
    }

    private static String column(DQRule rule) {
        return ColumnSql.quoted(parameter(rule, COLUMN));
    }

    private static Optional<String> where(DQRule rule) {
        return Optional.ofNullable(rule.getWhereClause())
                .map(String::strip)
                .map(clause -> clause.startsWith("\"") ? clause.substring(1, clause.length() - 1) : clause)
                .filter(clause -> !clause.isEmpty());
    }

    private static String parameter(DQRule rule, String name) {
        return Optional.ofNullable(rule.getParameters().get(name))
                .orElseThrow(() -> new RuleProblem("it lacks a parameter"));
    }
}
