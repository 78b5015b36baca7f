package io.datapunk.lake.spark;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Lets only executors work for a lake in a folder that see this folder. One that does not would write into a folder of its
 * own machine, and Delta would name files that nobody else finds. The driver leaves a file in {@code run/workers} for each
 * executor to look for; a folder of the same name on another machine does not have it.
 */
public final class SharedHome implements SparkPlugin {
    /** Begins the reason of an executor's end, by which the driver knows it. */
    static final String REFUSAL = "the lake's folder is not the same on this worker";

    private static final String SIGN = "sign";

    /** Signs of killed drivers, which did not take them away. */
    private static final Duration LEFT_OVER = Duration.ofDays(7);

    @Override
    public DriverPlugin driverPlugin() {
        return new Driver();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new Executor();
    }

    private static final class Driver implements DriverPlugin {
        private Path sign;

        @Override
        public Map<String, String> init(SparkContext context, PluginContext plugin) {
            Path folder = Path.of(context.conf().get(SessionHome.KEY), "run", "workers");
            try {
                Files.createDirectories(folder);
                removeLeftOver(folder);
                sign = Files.createFile(folder.resolve(UUID.randomUUID().toString()));
                return Map.of(SIGN, sign.toString());
            } catch (IOException e) {
                throw LakeException.failed(
                        "workers cannot be shown the lake",
                        e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "check that " + folder + " is writable",
                        e);
            }
        }

        private static void removeLeftOver(Path folder) throws IOException {
            FileTime old = FileTime.from(Instant.now().minus(LEFT_OVER));
            List<Path> signs;
            try (Stream<Path> files = Files.list(folder)) {
                signs = files.toList();
            }
            for (Path left : signs) {
                if (Files.getLastModifiedTime(left).compareTo(old) < 0) {
                    Files.deleteIfExists(left);
                }
            }
        }

        @Override
        public void shutdown() {
            try {
                if (sign != null) {
                    Files.deleteIfExists(sign);
                }
            } catch (IOException leftToALaterDriver) {
                // It is empty, and found by its age.
            }
        }
    }

    private static final class Executor implements ExecutorPlugin {
        @Override
        public void init(PluginContext context, Map<String, String> told) {
            if (!Files.isRegularFile(Path.of(told.get(SIGN)))) {
                throw new IllegalStateException(REFUSAL + ": " + machine() + " does not find " + told.get(SIGN));
            }
        }

        /** The plug-in's context does not know it in an executor. */
        private static String machine() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException nameless) {
                return "a worker";
            }
        }
    }
}
