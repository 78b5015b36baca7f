package io.datapunk.analytics.cache;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What keys are made of: {@code session:{user_id}:{started_at}}. What a column says is percent-encoded where it would divide the key,
 * so that different values make different keys.
 *
 * @param columns in their order
 */
record KeyTemplate(String text, List<String> columns) {
    private static final Pattern COLUMN = Pattern.compile("\\{([^{}]*)}");

    static KeyTemplate parse(String text) {
        List<String> columns = new ArrayList<>();
        Matcher matcher = COLUMN.matcher(text);
        while (matcher.find()) {
            columns.add(matcher.group(1));
        }
        return new KeyTemplate(text, columns);
    }

    /** @param value of a column, null where it has none */
    String key(String prefix, Function<String, Object> value) {
        return prefix
                + ":"
                + COLUMN.matcher(text)
                        .replaceAll(column -> Matcher.quoteReplacement(encoded(value.apply(column.group(1)))));
    }

    /** What has no value is nothing; an empty text is another thing. */
    private static String encoded(Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        return text.isEmpty()
                ? "%"
                : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
