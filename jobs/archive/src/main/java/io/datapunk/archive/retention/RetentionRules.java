package io.datapunk.archive.retention;

import io.datapunk.lake.config.RetentionConfig;
import io.datapunk.lake.config.RetentionConfig.RetentionClass;
import io.datapunk.lake.config.RetentionConfig.Rule;
import io.datapunk.lake.model.DatasetName;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which class something has: its dataset's own, else that of the first rule that fits, else none. */
public final class RetentionRules {
    private final RetentionConfig config;
    private final Map<String, String> overrides;

    public RetentionRules(RetentionConfig config) {
        this.config = config;
        this.overrides = config.overrides().entrySet().stream()
                .collect(Collectors.toMap(
                        (Map.Entry<DatasetName, String> override) ->
                                override.getKey().toString(),
                        Map.Entry::getValue));
    }

    public Optional<RetentionClass> classOf(Candidate candidate) {
        return Optional.ofNullable(overrides.get(candidate.dataset()))
                .or(() -> config.rules().stream()
                        .filter(rule -> fits(rule, candidate))
                        .map(Rule::retentionClass)
                        .findFirst())
                .map(config.classes()::get);
    }

    /** Whether what has this class needs nobody's approval. */
    boolean isAutomatic(RetentionClass retentionClass) {
        return config.automatic().contains(retentionClass.name());
    }

    private static boolean fits(Rule rule, Candidate candidate) {
        return rule.of().map(candidate.subject().kind()::equals).orElse(true)
                && rule.dataset()
                        .map(pattern -> matches(pattern, candidate.dataset()))
                        .orElse(true)
                && rule.partition()
                        .map(pattern -> candidate
                                .partition()
                                .map(partition -> matches(pattern, partition))
                                .orElse(false))
                        .orElse(true)
                && rule.category().map(candidate.category()::equals).orElse(true);
    }

    private static boolean matches(String pattern, String text) {
        String expression =
                Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(expression, Pattern.DOTALL).matcher(text).matches();
    }
}
