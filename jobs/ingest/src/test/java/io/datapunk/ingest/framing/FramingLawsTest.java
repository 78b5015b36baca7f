package io.datapunk.ingest.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.framing.Frames.Kept;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for every framing and every input, valid or damaged. */
class FramingLawsTest {
    private static final FramingLimits SMALL = new FramingLimits(400, 16);

    @Property(tries = 4000)
    void everyByteIsInOneFrameOrIsASeparator(
            @ForAll FramingKind kind, @ForAll long seed, @ForAll @IntRange(max = 6) int damages) {
        byte[] document = RandomDocuments.of(kind, seed, damages);

        long end = 0;
        for (Kept frame : Frames.of(kind.framing(SMALL), document)) {
            assertThat(frame.position()).isGreaterThanOrEqualTo(end);
            assertThat(gap(document, end, frame.position())).matches(separators(kind));
            assertThat(frame.bytes()).isPositive();
            assertThat(frame.text()).isEqualTo(expectedText(document, frame));
            end = frame.end();
        }
        assertThat(gap(document, end, document.length)).matches(separators(kind));
    }

    @Property(tries = 4000)
    void framesOfTheRangesAreTheFramesOfTheWhole(
            @ForAll FramingKind kind,
            @ForAll long seed,
            @ForAll @IntRange(max = 6) int damages,
            @ForAll @IntRange(min = 1, max = 700) int target)
            throws IOException {
        byte[] document = RandomDocuments.of(kind, seed, damages);
        Framing framing = kind.framing(SMALL);
        List<Kept> whole = Frames.of(framing, document);

        assertRangesGive(whole, framing, document, Splits.of(framing, Frames.source(document), target), seed);
        assertRangesGive(
                whole,
                framing,
                document,
                Splits.scan(framing, Frames.inDribs(document, 0, document.length, seed), target),
                seed);
    }

    private static void assertRangesGive(
            List<Kept> whole, Framing framing, byte[] document, List<ByteRange> ranges, long seed) {
        long end = 0;
        List<Kept> together = new ArrayList<>();
        for (ByteRange range : ranges) {
            assertThat(range.from()).isEqualTo(end);
            end = range.to();
            together.addAll(Frames.of(
                    framing,
                    Frames.inDribs(document, (int) range.from(), (int) range.to(), seed),
                    range.from(),
                    range.section()));
        }
        assertThat(end).isEqualTo(document.length);
        assertThat(together).isEqualTo(whole);
    }

    private static String expectedText(byte[] document, Kept frame) {
        String bytes = gap(document, frame.position(), frame.end());
        return bytes.length() > SMALL.recordBytes() ? bytes.substring(0, SMALL.sampleBytes()) : bytes;
    }

    private static String gap(byte[] document, long from, long to) {
        return new String(document, (int) from, (int) (to - from), StandardCharsets.ISO_8859_1);
    }

    /** Nothing that a reader of the source would call content. */
    private static Pattern separators(FramingKind kind) {
        String mark = "(\u00EF\u00BB\u00BF)?";
        return switch (kind) {
            case JSON ->
                Pattern.compile(
                        mark + "(\\s*[\\w.$]+\\s*=)?([\\s,;\\[\\]{}]|\"([^\"\\\\]|\\\\.)*\"\\s*:\\s*)*",
                        Pattern.DOTALL);
            case LINES, CSV, MBOX -> Pattern.compile(mark + "\\s*");
            case HTML_CELLS, WHOLE -> Pattern.compile("");
        };
    }

    /** The first range alone would end the header where the range ends. */
    @Example
    void aHeaderWhoseQuoteClosesLateIsTheSameInEveryRange() throws IOException {
        byte[] document = ("\"time,title\n" + "1,one\n".repeat(90) + "\",\n" + "2,two\n".repeat(50))
                .getBytes(StandardCharsets.UTF_8);
        Framing framing = FramingKind.CSV.framing(SMALL);
        List<ByteRange> ranges = Splits.of(framing, Frames.source(document), 20);

        assertThat(ranges).hasSizeGreaterThan(2);
        assertRangesGive(Frames.of(framing, document), framing, document, ranges, 0);
    }

    @Property(tries = 4000)
    void anythingAtAllIsFramedWithoutFailing(@ForAll FramingKind kind, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] noise = new byte[random.nextInt(3000)];
        random.nextBytes(noise);
        Framing framing = kind.framing(SMALL);

        assertRangesGive(
                Frames.of(framing, noise), framing, noise, Splits.of(framing, Frames.source(noise), 100), seed);
    }
}
