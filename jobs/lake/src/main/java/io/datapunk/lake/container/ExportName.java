package io.datapunk.lake.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the names of an export's files tell: which export they are of, and whether one is missing. */
final class ExportName {
    private static final Pattern TAKEOUT = Pattern.compile("(takeout-\\d{8}T\\d{6}Z)(-.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBERED =
            Pattern.compile("(takeout-\\d{8}T\\d{6}Z(?:-\\d+)?)-(\\d{3})\\.(?:zip|tgz)", Pattern.CASE_INSENSITIVE);
    private static final Pattern EXTENSION = Pattern.compile("(\\.tar\\.gz|\\.[A-Za-z0-9]{1,5})$");

    private ExportName() {}

    /** One for all parts; where the parts are of several exports, all of their names. */
    static String exportId(List<String> names) {
        TreeSet<String> ids = new TreeSet<>();
        for (String name : names) {
            Matcher takeout = TAKEOUT.matcher(name);
            ids.add(
                    takeout.matches()
                            ? takeout.group(1)
                            : EXTENSION.matcher(name).replaceFirst(""));
        }
        return String.join("+", ids);
    }

    static List<String> warnings(List<String> names) {
        Map<String, TreeSet<Integer>> parts = new TreeMap<>();
        for (String name : names) {
            Matcher numbered = NUMBERED.matcher(name);
            if (numbered.matches()) {
                parts.computeIfAbsent(numbered.group(1), series -> new TreeSet<>())
                        .add(Integer.valueOf(numbered.group(2)));
            }
        }
        List<String> warnings = new ArrayList<>();
        parts.forEach((series, numbers) -> {
            for (int number = 1; number < numbers.last(); number++) {
                if (!numbers.contains(number)) {
                    warnings.add("%s-%03d was not handed in, but a later part was".formatted(series, number));
                }
            }
        });
        return warnings;
    }

    /** The archives of a Takeout, in order, when a folder holds them and nothing else; otherwise none. */
    static List<Path> archivesOf(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            List<Path> visible = children.filter(child -> !name(child).startsWith("."))
                    .sorted()
                    .toList();
            boolean archives = visible.stream()
                    .allMatch(child -> Files.isRegularFile(child)
                            && NUMBERED.matcher(name(child)).matches());
            return archives ? visible : List.of();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
