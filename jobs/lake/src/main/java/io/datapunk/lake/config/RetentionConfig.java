package io.datapunk.lake.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import io.datapunk.lake.model.DatasetName;
import java.time.Period;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is kept how long. Nothing expires unless a class was assigned to it.
 *
 * @param classes by name
 * @param rules in order; the first that fits assigns the class
 * @param automatic classes whose expiry nobody has to approve
 * @param overrides the class of datasets, before all rules
 */
public record RetentionConfig(
        SortedMap<String, RetentionClass> classes,
        List<Rule> rules,
        Set<String> automatic,
        Map<DatasetName, String> overrides) {
    private static final String NEVER = "never";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public RetentionConfig {
        rules = List.copyOf(rules);
        automatic = Set.copyOf(automatic);
        overrides = Map.copyOf(overrides);
    }

    /** @param keep how long, from the time something entered the lake; empty: for ever */
    public record RetentionClass(String name, Optional<Period> keep) {}

    /** What a rule is about. */
    public enum Kind {
        /** Rows of tables. */
        ROWS,
        /** Packages of the archive, which are copies. */
        PACKAGES
    }

    /**
     * Assigns a class to what meets all of its conditions; one that is empty is met by everything.
     *
     * @param dataset name with {@code *} for any characters; {@code export} is the original exports' packages
     * @param partition {@code column=value} with {@code *}; met by no package
     * @param category of compliance
     */
    public record Rule(
            Optional<Kind> of,
            Optional<String> dataset,
            Optional<String> partition,
            Optional<String> category,
            String retentionClass) {
        static final String ALLOWED = "class = NAME, dataset = \"ops.*\" or category = NAME or both, and optionally"
                + " of = rows or packages and partition = \"month=2019-*\" (of rows)";
        private static final Set<String> KEYS = Set.of("of", "dataset", "partition", "category", "class");

        private static Optional<Rule> parse(Config group) {
            if (!KEYS.containsAll(group.root().keySet())) {
                return Optional.empty();
            }
            Optional<String> of = text(group, "of");
            Optional<Kind> kind = of.flatMap(name -> Stream.of(Kind.values())
                    .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst());
            Rule rule = new Rule(
                    kind,
                    text(group, "dataset"),
                    text(group, "partition"),
                    text(group, "category"),
                    group.getString("class"));
            // One without a condition would make the whole lake expire.
            boolean limited = rule.dataset.isPresent() || rule.category.isPresent();
            boolean possible = rule.partition.isEmpty() || !kind.equals(Optional.of(Kind.PACKAGES));
            return Optional.of(rule).filter(any -> limited && possible && of.isPresent() == kind.isPresent());
        }

        private static Optional<String> text(Config group, String key) {
            return group.hasPath(key) ? Optional.of(group.getString(key)) : Optional.empty();
        }
    }

    /** @param overrides names of classes as they are written below the datasets */
    static RetentionConfig read(ConfigReader reader, Map<DatasetName, String> overrides) {
        RetentionConfig retention = new RetentionConfig(
                readClasses(reader),
                reader.groups("rules", Rule.ALLOWED, Rule::parse),
                Set.copyOf(reader.texts("automatic")),
                overrides);
        retention.require(
                reader,
                "rules",
                retention.rules.stream().map(Rule::retentionClass).toList());
        retention.require(reader, "automatic", retention.automatic);
        retention.require(reader, "classes", overrides.values());
        return retention;
    }

    private static SortedMap<String, RetentionClass> readClasses(ConfigReader reader) {
        SortedMap<String, RetentionClass> classes = new TreeMap<>();
        ConfigReader durations = reader.at("classes");
        for (String name : reader.entries("classes").keySet()) {
            if (NAME.matcher(name).matches()) {
                classes.put(name, new RetentionClass(name, durations.periodOr(name, NEVER)));
            } else {
                durations.require(
                        false, ConfigUtil.quoteString(name), "a name of lower-case letters, digits and hyphens");
            }
        }
        return classes;
    }

    private void require(ConfigReader reader, String key, Collection<String> names) {
        List<String> unknown = names.stream()
                .filter(name -> !classes.containsKey(name))
                .distinct()
                .sorted()
                .toList();
        reader.require(
                unknown.isEmpty(),
                key,
                "classes that exist (" + String.join(", ", classes.keySet()) + "), not " + String.join(", ", unknown),
                "classes");
    }
}
