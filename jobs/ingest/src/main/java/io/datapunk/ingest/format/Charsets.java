package io.datapunk.ingest.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.mozilla.universalchardet.UniversalDetector;

/** Decodes text whose declared character set may be missing, unknown or wrong. */
final class Charsets {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    /** More bytes make the guess no better. */
    private static final int DETECTION_BYTES = 64 << 10;

    private static final int FEW_LETTERS = 8;

    private Charsets() {}

    /**
     * Decodes bytes: as declared if they are valid in it, else as UTF-8 if they are valid in that, else as what they look
     * like.
     *
     * @param declared name of the character set; null where none is declared
     */
    static String decode(byte[] bytes, int from, int length, String declared) {
        if (isAscii(bytes, from, length)) {
            Charset charset = named(declared);
            // UTF-16, UTF-7 and the ISO-2022 family look like ASCII.
            return charset == null || isAsciiSuperset(charset)
                    ? new String(bytes, from, length, StandardCharsets.ISO_8859_1)
                    : new String(bytes, from, length, charset);
        }
        Charset charset = named(declared);
        boolean believed = charset != null && !charset.equals(StandardCharsets.US_ASCII);
        String text = believed ? strictly(bytes, from, length, widened(charset)) : null;
        if (text == null && !StandardCharsets.UTF_8.equals(charset)) {
            text = strictly(bytes, from, length, StandardCharsets.UTF_8);
        }
        return text != null ? text : new String(bytes, from, length, guessed(bytes, from, length));
    }

    /**
     * The character set that bytes look like. Text with few letters beyond ASCII is Western: detectors need many of them,
     * and guess wildly without.
     */
    static Charset guessed(byte[] bytes, int from, int length) {
        int beyondAscii = 0;
        int visible = 0;
        for (int i = from; i < from + Math.min(length, DETECTION_BYTES); i++) {
            beyondAscii += bytes[i] < 0 ? 1 : 0;
            visible += bytes[i] < 0 || bytes[i] > ' ' ? 1 : 0;
        }
        if (beyondAscii < FEW_LETTERS || beyondAscii < visible / 3) {
            return WINDOWS_1252;
        }
        UniversalDetector detector = new UniversalDetector();
        detector.handleData(bytes, from, Math.min(length, DETECTION_BYTES));
        detector.dataEnd();
        Charset charset = named(detector.getDetectedCharset());
        return charset == null || charset.equals(StandardCharsets.US_ASCII) ? WINDOWS_1252 : charset;
    }

    /** Null for a name that is missing or that Java does not know. */
    static Charset named(String name) {
        if (name == null) {
            return null;
        }
        try {
            return Charset.forName(name.strip());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    /** Null where the bytes are not valid. */
    static String strictly(byte[] bytes, int from, int length, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static Charset widened(Charset charset) {
        // Mail programs call windows-1252 by the name of the set that it extends.
        return charset.equals(StandardCharsets.ISO_8859_1) ? WINDOWS_1252 : charset;
    }

    private static boolean isAsciiSuperset(Charset charset) {
        String name = charset.name();
        return !name.startsWith("UTF-16")
                && !name.startsWith("UTF-32")
                && !name.startsWith("ISO-2022")
                && !name.startsWith("x-ISO-2022")
                && !name.startsWith("IBM");
    }

    static boolean isAscii(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
