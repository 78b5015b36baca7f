import io.datapunk.lake.config.LakeConfig;
import io.datapunk.vectors.embed.OnnxModel;
import io.datapunk.vectors.embed.TextEncoder;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code TEXTS ROWS FILE.fbin}: so many lines of a file, chosen by chance, as vectors of the model that comes with the lake. */
public final class EmbedFile {
    private static final int CHUNK = 1024;

    private EmbedFile() {}

    public static void main(String[] arguments) throws Exception {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of(arguments[0])));
        Collections.shuffle(lines, new Random(1));
        List<String> texts = lines.subList(0, Integer.parseInt(arguments[1]));
        OnnxModel model =
                OnnxModel.of(LakeConfig.load(null, Map.of(), Map.of()).vectors());
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        ThreadLocal<TextEncoder> encoder = ThreadLocal.withInitial(() -> model.open(1));
        double seconds = Stopwatch.seconds(() -> {
            List<Callable<float[][]>> work = new ArrayList<>();
            for (int from = 0; from < texts.size(); from += CHUNK) {
                List<String> chunk = texts.subList(from, Math.min(from + CHUNK, texts.size()));
                work.add(() -> encoder.get().encode(chunk));
            }
            write(texts.size(), workers.invokeAll(work), Path.of(arguments[2]));
        });
        workers.shutdown();
        System.out.printf(Locale.ROOT, "%,d texts embedded, %.0f a second%n", texts.size(), texts.size() / seconds);
    }

    private static void write(int rows, List<Future<float[][]>> chunks, Path file) throws Exception {
        int dimensions = chunks.get(0).get()[0].length;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(little(2 * Integer.BYTES).putInt(rows).putInt(dimensions).array());
            for (Future<float[][]> chunk : chunks) {
                for (float[] vector : chunk.get()) {
                    ByteBuffer bytes = little(dimensions * Float.BYTES);
                    bytes.asFloatBuffer().put(vector);
                    out.write(bytes.array());
                }
            }
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
