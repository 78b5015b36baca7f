import io.datapunk.ingest.sample.SampleExport;
import java.nio.file.Path;

/** Writes a sample export: {@code FOLDER SCALE}, scale 75 for about 1 GB of entries. */
public final class WriteSample {
    private WriteSample() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println(
                SampleExport.write(Path.of(arguments[0]), 7, Double.parseDouble(arguments[1])).records() + " records");
    }
}
