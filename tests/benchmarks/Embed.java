import com.sun.management.OperatingSystemMXBean;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.vectors.embed.OnnxModel;
import io.datapunk.vectors.embed.TextEncoder;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code FILE MODEL}: see embed.sh. */
public final class Embed {
    private static final int CHUNK = 1024;
    private static final int WARM_UP = 64;

    private Embed() {}

    public static void main(String[] arguments) throws Exception {
        List<String> texts = Files.readAllLines(Path.of(arguments[0]));
        int cores = Runtime.getRuntime().availableProcessors();
        System.out.printf(
                Locale.ROOT,
                "%,d texts of %.0f characters, %d cores%n",
                texts.size(),
                texts.stream().mapToInt(String::length).average().orElse(0),
                cores);
        for (int batch : List.of(1, 8, 32, 128)) {
            measure(arguments[1], texts, batch, cores, 1);
        }
        measure(arguments[1], texts, 32, 1, cores);
    }

    private static void measure(String name, List<String> texts, int batch, int encoders, int threads)
            throws Exception {
        OnnxModel model = OnnxModel.of(LakeConfig.load(
                        null,
                        Map.of(),
                        Map.of("lake.vectors.model", name, "lake.vectors.batch", Integer.toString(batch)))
                .vectors());
        ExecutorService workers = Executors.newFixedThreadPool(encoders);
        List<TextEncoder> opened = new ArrayList<>();
        for (int i = 0; i < encoders; i++) {
            opened.add(model.open(threads));
            opened.get(i).encode(texts.subList(0, Math.min(WARM_UP, texts.size())));
        }
        long cpuBefore = cpuNanos();
        double seconds = Stopwatch.seconds(() -> {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < encoders; i++) {
                TextEncoder encoder = opened.get(i);
                List<String> share =
                        texts.subList(i * texts.size() / encoders, (i + 1) * texts.size() / encoders);
                work.add(() -> {
                    for (int from = 0; from < share.size(); from += CHUNK) {
                        encoder.encode(share.subList(from, Math.min(from + CHUNK, share.size())));
                    }
                    return null;
                });
            }
            for (Future<Void> part : workers.invokeAll(work)) {
                part.get();
            }
        });
        double cpuSeconds = (cpuNanos() - cpuBefore) / 1e9;
        workers.shutdown();
        opened.forEach(TextEncoder::close);
        System.out.printf(
                Locale.ROOT,
                "batches of %3d, %d encoders of %d threads: %6.0f texts/s, %6.0f a CPU second%n",
                batch,
                encoders,
                threads,
                texts.size() / seconds,
                texts.size() / cpuSeconds);
    }

    /** Of this process: other work on the machine does not count. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
