package io.datapunk.analytics.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.datapunk.lake.audit.DurableFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * A file of HTML that needs no network: styles, scripts, charts' library and data stand in it, and its policy lets nothing else
 * run or load.
 */
final class ReportPage {
    /** Every such page begins with it. */
    private static final String BEGIN = "<!doctype html>\n<!-- Datapunk Lake: report -->\n";

    private static final String LIBRARY = "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

    private final Path file;

    ReportPage(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** @throws LakeException (usage) where something else lies there, or nothing can be written there */
    void requireReplaceable() {
        if (!Files.isDirectory(file.getParent())) {
            throw LakeException.usage(
                    "the report cannot be written to " + file,
                    "there is no folder " + file.getParent(),
                    "make it, or name another file with --output");
        }
        if (!Files.exists(file)) {
            return;
        }
        try (InputStream old = Files.newInputStream(file)) {
            String begin = new String(old.readNBytes(BEGIN.length()), StandardCharsets.UTF_8);
            if (!begin.equals(BEGIN)) {
                throw LakeException.usage(
                        "the report is not written to " + file,
                        "what lies there is no report, and would be lost",
                        "name another file with --output");
            }
        } catch (IOException e) {
            throw LakeException.usage(
                    "the report is not written to " + file,
                    "what lies there cannot be read: " + e.getMessage(),
                    "name another file with --output");
        }
    }

    byte[] render(LakeReport report) {
        String script = resource("report.js");
        String library = resource(LIBRARY);
        // What the lake says comes last: it may name one of the places.
        String html = BEGIN
                + resource("report.html")
                        .replace("{{policy}}", policy(script, library))
                        .replace("{{style}}", resource("report.css"))
                        .replace("{{library}}", library)
                        .replace("{{script}}", script)
                        .replace("{{data}}", json(report));
        return html.getBytes(StandardCharsets.UTF_8);
    }

    void write(byte[] html) {
        try {
            DurableFile.replace(file, html);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the report cannot be written to " + file,
                    e.toString(),
                    "make room, or name another file with --output");
        }
    }

    /** Charts set the style of their elements; what data say is never run. */
    private static String policy(String... scripts) {
        StringBuilder policy =
                new StringBuilder("default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src");
        for (String script : scripts) {
            byte[] hash = Sha256.digest().digest(script.getBytes(StandardCharsets.UTF_8));
            policy.append(" 'sha256-")
                    .append(Base64.getEncoder().encodeToString(hash))
                    .append('\'');
        }
        return policy.toString();
    }

    /** Without the character that could end the element it stands in. */
    private static String json(LakeReport report) {
        try {
            return JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .addModule(new Jdk8Module())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build()
                    .writeValueAsString(report)
                    .replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records are JSON", e);
        }
    }

    private static String resource(String name) {
        try (InputStream stream = ReportPage.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
