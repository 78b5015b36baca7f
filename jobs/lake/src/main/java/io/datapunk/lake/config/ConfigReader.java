package io.datapunk.lake.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads typed values below one path. A mistake is noted, never thrown, so that all of them can be told together; the
 * value that is returned in its place only lets the reading go on.
 */
final class ConfigReader {
    private static final String SIZE = "a size with its unit, as 64 MiB or 64 MB";
    private static final String TIME = "a time with its unit, as 30 s, 15 m, 24 h or 7 d";

    private final String path;
    private final Config config;
    private final Map<String, String> environment;
    private final Problems problems;

    ConfigReader(String path, Config config, Map<String, String> environment, Problems problems) {
        this.path = path;
        this.config = config;
        this.environment = environment;
        this.problems = problems;
    }

    ConfigReader at(String name) {
        return new ConfigReader(path + "." + name, config.getConfig(name), environment, problems);
    }

    String text(String name) {
        return read(name, "a text that is not empty", "", key -> {
            String text = config.getString(key).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        });
    }

    /** Empty where the text is empty. */
    Optional<String> optionalText(String name) {
        String text = read(
                name, "a text", "", key -> Optional.of(config.getString(key).strip()));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Of a server that is spoken to by HTTP; empty where the text is empty. */
    Optional<URI> optionalAddress(String name) {
        return optionalText(name).flatMap(text -> {
            Optional<URI> address = address(text);
            if (address.isEmpty()) {
                String shown = text.contains("@") ? "= " + Setting.REDACTED : describe(name);
                problems.add(
                        path + "." + name, shown + " needs an address as https://host:port, without user and password");
            }
            return address;
        });
    }

    private static Optional<URI> address(String text) {
        try {
            URI address = new URI(text);
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            // What stands there is printed.
            return http && address.getHost() != null && address.getUserInfo() == null
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** A list, or one text with commas, as the environment has it; empty where there is none. */
    List<String> texts(String name) {
        return read(name, "a list of texts", List.of(), key -> Optional.of(
                        config.getValue(key).valueType() == ConfigValueType.LIST
                                ? config.getStringList(key)
                                : List.of(config.getString(key).split(",", -1)))
                .map(texts -> texts.stream()
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .toList()));
    }

    /** A list of lists; one list of texts, or one text with commas, is a single group. */
    List<List<String>> textGroups(String name) {
        List<List<String>> groups = read(name, "a list of lists of texts", List.of(), key -> {
            ConfigValue value = config.getValue(key);
            if (!(value instanceof ConfigList list)
                    || list.stream().noneMatch(group -> group.valueType() == ConfigValueType.LIST)) {
                return Optional.of(List.of());
            }
            List<List<String>> found = new ArrayList<>();
            for (ConfigValue group : list) {
                if (!(group.unwrapped() instanceof List<?> texts)
                        || !texts.stream().allMatch(String.class::isInstance)) {
                    return Optional.empty();
                }
                found.add(texts.stream().map(String.class::cast).toList());
            }
            return Optional.of(found);
        });
        if (groups.isEmpty() && config.hasPath(name)) {
            List<String> single = texts(name);
            return single.isEmpty() ? List.of() : List.of(single);
        }
        return groups;
    }

    String choice(String name, String... allowed) {
        return read(name, "one of " + String.join(", ", allowed), allowed[0], key -> Stream.of(allowed)
                .filter(config.getString(key)::equals)
                .findFirst());
    }

    boolean flag(String name) {
        return read(name, "true or false", false, key -> Optional.of(config.getBoolean(key)));
    }

    int integer(String name, int least, int most) {
        return read(name, "a whole number from " + least + " to " + most, least, key -> {
            double number = config.getDouble(key);
            return number == Math.rint(number) && number >= least && number <= most
                    ? Optional.of((int) number)
                    : Optional.empty();
        });
    }

    /** Above 0, at most 1. */
    double fraction(String name) {
        return read(name, "a number above 0 and at most 1", 1.0, key -> Optional.of(config.getDouble(key))
                .filter(number -> number > 0 && number <= 1));
    }

    /** From 0 to 1. */
    double share(String name) {
        return read(name, "a number from 0 to 1", 1.0, key -> Optional.of(config.getDouble(key))
                .filter(number -> number >= 0 && number <= 1));
    }

    /** 0 or above. */
    double amount(String name) {
        return read(name, "a number that is not negative", 0.0, key -> Optional.of(config.getDouble(key))
                .filter(number -> number >= 0 && !Double.isInfinite(number)));
    }

    /** Above 0. */
    double factor(String name) {
        return read(name, "a number above 0", 1.0, key -> Optional.of(config.getDouble(key))
                .filter(number -> number > 0 && !Double.isInfinite(number)));
    }

    /** Empty where the text is the word. */
    Optional<Double> numberOr(String name, String word) {
        return read(name, "a number, or " + word, Optional.of(0.0), key -> {
            if (config.getString(key).strip().equals(word)) {
                return Optional.of(Optional.empty());
            }
            return Optional.of(config.getDouble(key)).filter(Double::isFinite).map(Optional::of);
        });
    }

    /** In bytes. */
    long bytes(String name, long least, long most) {
        String allowed = most == Long.MAX_VALUE
                ? SIZE + ", at least " + least + " B"
                : SIZE + ", from " + least + " B to " + most + " B";
        return read(name, allowed, least, key -> Optional.of(key)
                .filter(this::hasUnit)
                .map(config::getBytes)
                .filter(size -> size >= least && size <= most));
    }

    /** In bytes; empty where the text is the word. */
    OptionalLong bytesOr(String name, String word) {
        return read(name, SIZE + ", or " + word, OptionalLong.empty(), key -> {
            if (config.getString(key).strip().equals(word)) {
                return Optional.of(OptionalLong.empty());
            }
            return Optional.of(key)
                    .filter(this::hasUnit)
                    .map(config::getBytes)
                    .filter(size -> size > 0)
                    .map(OptionalLong::of);
        });
    }

    /** Above zero. */
    Duration duration(String name) {
        return read(name, TIME, Duration.ofSeconds(1), key -> Optional.of(key)
                .filter(this::hasUnit)
                .map(config::getDuration)
                .filter(duration -> !duration.isNegative() && !duration.isZero()));
    }

    /** Above zero, without a rest below the hour. */
    Duration hours(String name) {
        return read(name, "whole hours or days, as 24 h or 90 d", Duration.ofHours(1), key -> Optional.of(key)
                .filter(this::hasUnit)
                .map(config::getDuration)
                .filter(duration -> duration.toHours() > 0 && duration.equals(Duration.ofHours(duration.toHours()))));
    }

    /** Zero or above, without a rest below the hour. */
    Duration wholeHours(String name) {
        return read(name, "whole hours or days, as 0 h or 90 d", Duration.ZERO, key -> Optional.of(key)
                .filter(this::hasUnit)
                .map(config::getDuration)
                .filter(duration -> !duration.isNegative() && duration.equals(Duration.ofHours(duration.toHours()))));
    }

    /** Days, weeks, months or years of the calendar, above zero; empty where the text is the word. */
    Optional<Period> periodOr(String name, String word) {
        return read(
                name,
                "a time with its unit, as 365 d, 18 mo or 7 y, or " + word,
                Optional.of(Period.ofDays(1)),
                key -> {
                    if (config.getString(key).strip().equals(word)) {
                        return Optional.of(Optional.empty());
                    }
                    return Optional.of(key)
                            .filter(this::hasUnit)
                            .map(config::getPeriod)
                            .filter(period -> !period.isZero() && !period.isNegative())
                            .map(Optional::of);
                });
    }

    Rate rate(String name) {
        return read(name, Rate.ALLOWED, new Rate("0/h", 0), key -> Rate.parse(config.getString(key)));
    }

    /** Keys of the owner's choosing, each with a plain value. */
    Map<String, String> entries(String name) {
        return read(name, "a group of keys with plain values", Map.of(), key -> {
            Map<String, String> entries = new TreeMap<>();
            config.getConfig(key)
                    .entrySet()
                    .forEach(entry -> entries.put(
                            String.join(".", ConfigUtil.splitPath(entry.getKey())),
                            String.valueOf(entry.getValue().unwrapped())));
            return Optional.of(entries);
        });
    }

    /** Schedules as cron writes them, by name; those that are the word are left out. */
    Map<String, String> schedules(String name, String off) {
        Map<String, String> schedules = new TreeMap<>();
        for (String key : config.getConfig(name).root().keySet()) {
            String schedule = read(
                    name + "." + key, "a time as cron writes it, as 0 3 * * *, or " + off, off, path -> Optional.of(
                                    config.getString(path).strip())
                            .filter(text -> text.equals(off) || isCron(text)));
            if (!schedule.equals(off)) {
                schedules.put(key, schedule);
            }
        }
        return schedules;
    }

    private static boolean isCron(String text) {
        try {
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A list of groups of keys. */
    <T> List<T> groups(String name, String allowed, Function<Config, Optional<T>> parse) {
        return read(name, "a list of groups, each with " + allowed, List.of(), key -> {
            List<T> groups = new ArrayList<>();
            for (Config group : config.getConfigList(key)) {
                Optional<T> parsed = parse.apply(group);
                if (parsed.isEmpty()) {
                    return Optional.empty();
                }
                groups.add(parsed.get());
            }
            return Optional.of(groups);
        });
    }

    /** From the environment, else from the file that {@code <name>-file} names, else empty. */
    Optional<Secret> secret(String name) {
        Optional<String> fileName = optionalText(name + "-file");
        String variable = ConfigKeys.variable(path + "." + name);
        String fromEnvironment = environment.getOrDefault(variable, "");
        if (!fromEnvironment.isEmpty()) {
            return Optional.of(new Secret(fromEnvironment));
        }
        return fileName.flatMap(file -> readSecret(name + "-file", file));
    }

    private Optional<Secret> readSecret(String name, String file) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            Optional<Secret> secret = lines.findFirst()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Secret::new);
            require(secret.isPresent(), name, "a file whose first line is the secret");
            return secret;
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            problems.add(path + "." + name, describe(name) + " cannot be read: needs a readable UTF-8 file");
            return Optional.empty();
        }
    }

    /**
     * Notes a mistake where the condition does not hold.
     *
     * @param allowed completes "needs …"
     * @param related other keys that the condition looks at: where one of them could not be read, its stand-in proves
     *     nothing
     */
    void require(boolean condition, String name, String allowed, String... related) {
        if (!condition && Stream.of(related).noneMatch(other -> problems.concern(path + "." + other))) {
            problems.add(path + "." + name, describe(name) + " needs " + allowed);
        }
    }

    private boolean hasUnit(String name) {
        String text = config.getString(name).strip();
        return !text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1));
    }

    private <T> T read(String name, String allowed, T standIn, Function<String, Optional<T>> getter) {
        Optional<T> value;
        try {
            value = getter.apply(name);
        } catch (ConfigException | ArithmeticException e) {
            value = Optional.empty();
        }
        if (value.isEmpty()) {
            problems.add(path + "." + name, describe(name) + " needs " + allowed);
        }
        return value.orElse(standIn);
    }

    private String describe(String name) {
        if (!config.hasPathOrNull(name)) {
            return "has no value and";
        }
        if (config.getIsNull(name)) {
            return "= null";
        }
        ConfigValue value = config.getValue(name);
        boolean group = value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST;
        String text = value.valueType() == ConfigValueType.LIST
                ? "a list"
                : group ? "a group of keys" : String.valueOf(value.unwrapped());
        String shown = text.isEmpty() ? "\"\"" : new Setting(path + "." + name, text, "").value();
        return "= " + shown + " (" + ConfigKeys.source(value) + ")";
    }
}
