package io.datapunk.ingest.framing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;

/**
 * Prints MB per second of processor time of each framing, beside a bare read of the same bytes. Run with the module's test class path:
 *
 * <pre>{@code
 * ./mvnw -q -o -pl jobs/ingest -am test-compile
 * java -cp jobs/ingest/target/test-classes:jobs/ingest/target/classes:jobs/lake/target/classes:<jackson-core.jar> \
 *     io.datapunk.ingest.framing.FramingBenchmark
 * }</pre>
 */
final class FramingBenchmark {
    private static final int BYTES = 256 << 20;
    private static final int ROUNDS = 5;
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private FramingBenchmark() {}

    @FunctionalInterface
    private interface Pass {
        long over(InputStream in) throws IOException, GeneralSecurityException;
    }

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        report("JSON minified (Records.json)", FramingKind.JSON, repeat("{\"locations\":[", record(false), ",", "]}"));
        report(
                "JSON indented (Records.json)",
                FramingKind.JSON,
                repeat("{\n  \"locations\": [", record(true), ",", "\n  ]\n}"));
        report("JSON activity (MyActivity.json)", FramingKind.JSON, repeat("[", activity(), ",", "]"));
        report("MBOX text", FramingKind.MBOX, repeat("", message(false), "", ""));
        report("MBOX attachments", FramingKind.MBOX, repeat("", message(true), "", ""));
        report("HTML cells", FramingKind.HTML_CELLS, repeat("<html><body>", cell(), "", "</body></html>"));
        report(
                "CSV quoted",
                FramingKind.CSV,
                repeat("id,time,text\n", "17,2024-01-01T10:00:00Z,\"Some text, with\nbreaks\"\n", "", ""));
        report(
                "CSV plain",
                FramingKind.CSV,
                repeat("id,time,text\n", "17,2024-01-01T10:00:00Z,Some text without breaks,1.25,x\n", "", ""));
        report(
                "LINES",
                FramingKind.LINES,
                repeat("", "{\"event\":\"x\",\"time\":\"2024-01-01T10:00:00Z\",\"value\":1.25}\n", "", ""));
    }

    private static void report(String name, FramingKind kind, byte[] document)
            throws IOException, GeneralSecurityException {
        Framing framing = kind.framing();
        double frames = best(document, in -> {
            long[] seen = new long[1];
            framing.frames(in, 0, "", frame -> seen[0] += frame.length());
            return seen[0];
        });
        double bare = best(document, in -> {
            byte[] buffer = new byte[256 << 10];
            long total = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
            }
            return total;
        });
        System.out.printf(
                Locale.ROOT,
                "%-34s %6.0f MB/s   bare read %6.0f MB/s   %5.1f %%%n",
                name,
                frames,
                bare,
                100 * frames / bare);
    }

    private static double best(byte[] document, Pass pass) throws IOException, GeneralSecurityException {
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = CLOCK.getCurrentThreadCpuTime();
            long result = pass.over(new ByteArrayInputStream(document));
            double seconds = (CLOCK.getCurrentThreadCpuTime() - begin) / 1e9;
            if (result < document.length / 2) {
                throw new IllegalStateException("only " + result + " bytes were seen");
            }
            best = Math.max(best, document.length / 1e6 / seconds);
        }
        return best;
    }

    private static byte[] repeat(String head, String record, String separator, String tail) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES + (1 << 20));
        byte[] bytes = (record + separator).getBytes(StandardCharsets.UTF_8);
        out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        while (out.size() < BYTES) {
            out.writeBytes(bytes);
        }
        out.writeBytes((record + tail).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static String record(boolean indented) {
        String pretty = """

                    {
                      "latitudeE7": 519876543,
                      "longitudeE7": 43217654,
                      "accuracy": 14,
                      "activity": [{
                        "activity": [{
                          "type": "STILL",
                          "confidence": 100
                        }, {
                          "type": "IN_VEHICLE",
                          "confidence": 3
                        }],
                        "timestamp": "2019-05-14T12:14:15.123Z"
                      }],
                      "source": "WIFI",
                      "deviceTag": -1234567890,
                      "timestamp": "2019-05-14T12:14:15.123Z"
                    }""";
        return indented ? pretty : pretty.replaceAll("\\s+", "");
    }

    private static String activity() {
        return """
                {
                  "header": "YouTube",
                  "title": "Watched \\"How to sharpen a kitchen knife\\" – a lesson",
                  "titleUrl": "https://www.youtube.com/watch?v\\u003ddQw4w9WgXcQ",
                  "subtitles": [{
                    "name": "The Kitchen",
                    "url": "https://www.youtube.com/channel/UCuAXFkgsw1L7xaCfnd5JJOw"
                  }],
                  "time": "2024-02-13T08:36:49.123Z",
                  "products": ["YouTube"],
                  "activityControls": ["YouTube watch history"]
                }""";
    }

    private static String message(boolean attachment) {
        byte[] bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        String body = attachment
                ? Base64.getMimeEncoder().encodeToString(bytes)
                : "Dear Ann,\r\n\r\nFrom here on it is a text of some lines,\r\nas people write them.\r\n".repeat(30);
        return "From 1234567890@xxx Mon Jan 01 00:00:00 +0000 2024\r\nX-GM-THRID: 1\r\nSubject: Hello\r\n\r\n" + body
                + "\r\n\r\n";
    }

    private static String cell() {
        return "<div class=\"outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp\"><div class=\"mdl-grid\">"
                + "<div class=\"header-cell mdl-cell mdl-cell--12-col\"><p class=\"mdl-typography--title\">YouTube<br></p></div>"
                + "<div class=\"content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1\">Watched&nbsp;"
                + "<a href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\">A film</a><br>Feb 13, 2024, 8:36:49 AM EET<br></div>"
                + "</div></div>";
    }
}
