package io.datapunk.cli;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of {@code conf/lake.conf} as a page: a heading for each group, a row for each key, in the order of the file. */
final class ConfigurationReference {
    private static final Path FILE = Path.of("..", "..", "conf", "lake.conf");

    /** Where a number comes from, as the file's comments end with it. */
    private static final Pattern ORIGIN = Pattern.compile("\\s*\\[((?:seed|ours|CONTRACTS)[^]]*)]$");

    private ConfigurationReference() {}

    static String text() {
        ConfigObject root = ConfigFactory.parseFile(FILE.toFile()).root();
        return group("lake", (ConfigObject) root.get("lake"));
    }

    /** Its own keys first, then the groups in it. */
    private static String group(String path, ConfigObject group) {
        String keys = inOrder(group)
                .filter(entry -> !isGroup(entry.getValue()))
                .map(entry -> key(path + "." + entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
        StringBuilder text = new StringBuilder();
        String comment = comment(group);
        if (!keys.isEmpty() || !comment.isEmpty()) {
            text.append("## ").append(path).append("\n\n");
        }
        if (!comment.isEmpty()) {
            text.append(comment).append("\n\n");
        }
        if (!keys.isEmpty()) {
            text.append("| key | default | | from |\n|---|---|---|---|\n")
                    .append(keys)
                    .append('\n');
        }
        inOrder(group)
                .filter(entry -> isGroup(entry.getValue()))
                .forEach(entry -> text.append(group(path + "." + entry.getKey(), (ConfigObject) entry.getValue())));
        return text.toString();
    }

    private static boolean isGroup(ConfigValue value) {
        return value instanceof ConfigObject object && !object.isEmpty();
    }

    private static Stream<Map.Entry<String, ConfigValue>> inOrder(ConfigObject group) {
        return group.entrySet().stream()
                .sorted(Comparator.comparingInt(
                        entry -> entry.getValue().origin().lineNumber()));
    }

    private static String key(String key, ConfigValue value) {
        String comment = comment(value);
        Matcher origin = ORIGIN.matcher(comment);
        boolean hasOrigin = origin.find();
        return ReferencePage.row(
                "`" + key + "`",
                "`" + value.render(ConfigRenderOptions.concise()) + "`",
                hasOrigin ? comment.substring(0, origin.start()) : comment,
                hasOrigin ? origin.group(1) : "");
    }

    private static String comment(ConfigValue value) {
        return value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
    }
}
