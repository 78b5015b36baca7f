import io.datapunk.analytics.forecast.Backtest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Looks back on forecasts of a series, a value in each line of a file, beside naive ones. */
final class Forecasts {
    private static final int ORIGINS = 36;
    private static final double CONFIDENCE = 0.95;

    private Forecasts() {}

    public static void main(String[] args) throws IOException {
        int season = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        double[] values = Files.readAllLines(Path.of(args[0])).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
        Backtest test = Backtest.of(values, season, steps, CONFIDENCE, ORIGINS);
        System.out.printf(
                Locale.ROOT,
                "%-16s %d values, %d steps ahead from each of %d months: mean absolute error %.3f; naive %.3f, seasonal naive"
                        + " %.3f (%.2f and %.2f of theirs); %.0f %% within the interval of %.0f %%%n",
                Path.of(args[0]).getFileName(),
                values.length,
                steps,
                ORIGINS,
                test.error(),
                test.naiveError(),
                test.seasonalError(),
                test.error() / test.naiveError(),
                test.error() / test.seasonalError(),
                100 * test.held(),
                100 * CONFIDENCE);
    }
}
