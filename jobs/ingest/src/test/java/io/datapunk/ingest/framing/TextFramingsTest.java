package io.datapunk.ingest.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.ingest.framing.Frames.Kept;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFramingsTest {
    private static final String FROM = "From 1234@xxx Mon Jan 01 00:00:00 +0000 2024";

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void dividesAMailboxAtItsSeparators(String feed) {
        String one = String.join(feed, FROM, "Subject: 1", "", "text", "");
        String two = String.join(feed, FROM, "Subject: 2", "", "text without line feed");

        assertThat(Frames.of(FramingKind.MBOX, one + feed + two))
                .extracting(Kept::text, Kept::state)
                .containsExactly(tuple(one, FrameState.COMPLETE), tuple(two, FrameState.COMPLETE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Prose after a blank line.
                "\n\nFrom here on: all is text\nand so on\n",
                // The shape of a separator, but no blank line before it.
                "\ntext\nFrom x@y Mon Jan 01 00:00:00 2024\nSubject: no\n",
                // The shape of a separator, but no header after it.
                "\n\nFrom x@y Mon Jan 01 00:00:00 2024\nno header\n",
                "\n\nFrom x@y Mon Jan 01 00:00:00 2024\n\nblank\n",
                // Quoted, as mboxrd does; taking the quote away is for the parser.
                "\n\n>From x@y Mon Jan 01 00:00:00 2024\nSubject: no\n",
                "\n\nFrom: x@y\nDate: Mon Jan 01 00:00:00 2024\n"
            })
    void takesNoLineOfABodyForASeparator(String body) {
        String message = FROM + "\nSubject: 1\n" + body;

        assertThat(Frames.texts(FramingKind.MBOX, message)).containsExactly(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From - Mon Jan  1 00:00:00 2024",
                "From ann@example.org Tue, 2 Jan 2024 10:00:00 +0100",
                "From MAILER-DAEMON Fri Jul  8 12:08:34 2011",
                "From \"Ann B\"@example.org  Sat Feb 29 23:59:59 2020 -0800"
            })
    void knowsTheShapesOfASeparator(String separator) {
        String mailbox = FROM + "\nSubject: 1\n\ntext\n\n" + separator + "\nSubject: 2\n\ntext\n";

        assertThat(Frames.of(FramingKind.MBOX, mailbox)).hasSize(2).last().satisfies(frame -> assertThat(frame.text())
                .startsWith(separator));
    }

    @Test
    void takesAFirstMessageWithoutHeaders() {
        assertThat(Frames.of(FramingKind.MBOX, FROM + "\n\ntext\n"))
                .extracting(Kept::state)
                .containsExactly(FrameState.COMPLETE);
    }

    @Test
    void keepsWhatStandsBeforeTheFirstMessage() {
        assertThat(Frames.of(FramingKind.MBOX, "garbage\n\n" + FROM + "\nSubject: 1\n\n"))
                .extracting(Kept::text, Kept::state)
                .containsExactly(
                        tuple("garbage\n", FrameState.BROKEN), tuple(FROM + "\nSubject: 1\n", FrameState.COMPLETE));
    }

    @Test
    void keepsTheBeginningOfAnOverlongMessageAndFindsTheNext() {
        Framing framing = FramingKind.MBOX.framing(new FramingLimits(200, 10));
        String one = FROM + "\nSubject: 1\n\n" + "x\n".repeat(50_000);
        byte[] mailbox = (one + "\n" + FROM + "\nSubject: 2\n\n").getBytes(StandardCharsets.UTF_8);

        assertThat(Frames.of(framing, mailbox))
                .extracting(Kept::text, Kept::bytes, Kept::state)
                .containsExactly(
                        tuple("From 1234@", (long) one.length(), FrameState.OVERLONG),
                        tuple(FROM + "\nSubject: 2\n", (long) FROM.length() + 12, FrameState.COMPLETE));
    }

    @Test
    void dividesAPageAtItsCells() {
        String cell = "<div class=\"outer-cell mdl-cell\"><div>x</div></div>";

        assertThat(Frames.of(FramingKind.HTML_CELLS, "<html><body>" + cell + cell + "</body>"))
                .extracting(Kept::section, Kept::text)
                .containsExactly(tuple("#head", "<html><body>"), tuple("", cell), tuple("", cell + "</body>"));
    }

    @Test
    void dividesAPageThatHasLostItsOuterCellsAtTheContentThatBeginsARecord() {
        String record = "<div class=\"content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1\">Watched</div>"
                + "<div class=\"content-cell mdl-cell mdl-cell--12-col mdl-typography--caption\">Products</div>";

        assertThat(Frames.texts(FramingKind.HTML_CELLS, "<html><body>" + record + record))
                .containsExactly("<html><body>", record, record);
    }

    @Test
    void handsTheHeaderOfACsvAlong() {
        String csv = "\uFEFFId,Text\r\n1,\"two\r\nlines, \"\"quoted\"\"\"\r\n\r\n2,5\" disk\r\n";

        assertThat(Frames.of(FramingKind.CSV, csv))
                .extracting(Kept::section, Kept::text)
                .containsExactly(
                        tuple("#header", "Id,Text"),
                        tuple("Id,Text", "1,\"two\r\nlines, \"\"quoted\"\"\""),
                        tuple("Id,Text", "2,5\" disk"));
    }

    @Test
    void findsTheHeaderBehindAPreamble() {
        String csv = "Notes:\n\"When exporting, some\nare missing\"\n\nFirst Name,Last Name,URL\nAnn,B,https://x\n";

        assertThat(Frames.of(FramingKind.CSV, csv))
                .extracting(Kept::section, Kept::text)
                .containsExactly(
                        tuple("#preamble", "Notes:"),
                        tuple("#preamble", "\"When exporting, some\nare missing\""),
                        tuple("#header", "First Name,Last Name,URL"),
                        tuple("First Name,Last Name,URL", "Ann,B,https://x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", ","})
    void knowsOtherSeparators(String separator) {
        String csv = String.join(separator, "a", "b", "c") + "\n" + String.join(separator, "1", "\"x\ny\"", "3") + "\n";

        assertThat(Frames.of(FramingKind.CSV, csv)).hasSize(2);
    }

    @Test
    void losesOnlyTheLineWithAQuoteThatNeverCloses() {
        List<Kept> frames = Frames.of(FramingKind.CSV, "a,b\n1,\"open\n2,x\n3,y\n");

        assertThat(frames)
                .extracting(Kept::text, Kept::state)
                .containsExactly(
                        tuple("a,b", FrameState.COMPLETE),
                        tuple("1,\"open", FrameState.BROKEN),
                        tuple("2,x", FrameState.COMPLETE),
                        tuple("3,y", FrameState.COMPLETE));
    }

    @Test
    void givesLinesWithoutTheirBreaksAndWithoutBlankOnes() {
        assertThat(Frames.of(FramingKind.LINES, "\uFEFF{\"a\":1}\r\n\n  \n{\"b\":2} \nlast"))
                .extracting(Kept::text, Kept::position)
                .containsExactly(tuple("{\"a\":1}", 3L), tuple("{\"b\":2} ", 16L), tuple("last", 25L));
    }

    @Test
    void takesAWholeEntryAsOneFrame() {
        assertThat(Frames.texts(FramingKind.WHOLE, "{\n}")).containsExactly("{\n}");
        assertThat(Frames.of(FramingKind.WHOLE, "")).isEmpty();
    }
}
