package io.datapunk.lake.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The embedded server's settings: conf/postgres/embedded.conf, and the few values that depend on the machine or on the
 * home. A server beside Spark on one machine takes a 64th of the memory for its buffers, not the quarter that a server
 * of its own takes (conf/postgres/server.conf).
 */
final class PostgresSettings {
    private static final long MIB = 1L << 20;
    private static final String RESOURCE = "embedded.conf";

    private static final Pattern LOG_LINE_PREFIX = Pattern.compile("(?m)^log_line_prefix = '([^']*)'");

    private PostgresSettings() {}

    /** The values that follow from the machine's memory, in bytes. */
    static Map<String, String> scaled(long memory) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("shared_buffers", megabytes(memory / 64, 32, 256));
        settings.put("effective_cache_size", megabytes(memory / 4, 128, 8192));
        settings.put("maintenance_work_mem", megabytes(memory / 64, 64, 512));
        return settings;
    }

    /** The text of the file that the server includes. */
    static String file(long memory, int port) {
        StringBuilder text = new StringBuilder("# Written at each start from conf/postgres/embedded.conf.\n");
        text.append(resource());
        scaled(memory)
                .forEach((name, value) ->
                        text.append(name).append(" = ").append(value).append('\n'));
        text.append("port = ").append(port).append('\n');
        text.append("unix_socket_directories = ''\n");
        return text.toString();
    }

    /** How lines of the server's log begin. */
    static String logLinePrefix() {
        Matcher prefix = LOG_LINE_PREFIX.matcher(resource());
        if (!prefix.find()) {
            throw new IllegalStateException(RESOURCE + " sets no log_line_prefix");
        }
        return prefix.group(1);
    }

    private static String megabytes(long bytes, long least, long most) {
        return Math.max(least, Math.min(most, bytes / MIB)) + "MB";
    }

    private static String resource() {
        try (InputStream in = PostgresSettings.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
