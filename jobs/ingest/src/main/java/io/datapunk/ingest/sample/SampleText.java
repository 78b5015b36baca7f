package io.datapunk.ingest.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Text on its way into an entry: collected in a builder, encoded in blocks. */
final class SampleText {
    private static final int BLOCK = 1 << 16;

    private final OutputStream out;
    private final StringBuilder block = new StringBuilder(BLOCK + (BLOCK >> 2));

    SampleText(OutputStream out) {
        this.out = out;
    }

    SampleText add(String text) {
        block.append(text);
        return this;
    }

    SampleText add(long number) {
        block.append(number);
        return this;
    }

    /** Text as the inside of a JSON string. */
    SampleText json(String text) {
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            switch (character) {
                case '"' -> block.append("\\\"");
                case '\\' -> block.append("\\\\");
                case '\n' -> block.append("\\n");
                // Takeout escapes these as Gson does for HTML
                case '=' -> block.append("\\u003d");
                case '&' -> block.append("\\u0026");
                case '\'' -> block.append("\\u0027");
                default -> block.append(character);
            }
        }
        return this;
    }

    /** Text as the inside of an HTML element. */
    SampleText html(String text) {
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            switch (character) {
                case '<' -> block.append("&lt;");
                case '>' -> block.append("&gt;");
                case '&' -> block.append("&amp;");
                case '"' -> block.append("&quot;");
                default -> block.append(character);
            }
        }
        return this;
    }

    /** Writes what was collected if it is a block or more: call it between records. */
    void settle() throws IOException {
        if (block.length() >= BLOCK) {
            flush();
        }
    }

    void flush() throws IOException {
        out.write(block.toString().getBytes(StandardCharsets.UTF_8));
        block.setLength(0);
    }
}
