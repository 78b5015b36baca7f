package io.datapunk.ingest.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.ingest.framing.Frames.Kept;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFramingTest {
    @Test
    void givesTheElementsOfATopLevelArray() {
        assertThat(Frames.of(FramingKind.JSON, "[{\"a\":1}, {\"b\":[2,{}]},3]"))
                .extracting(Kept::text, Kept::position, Kept::section, Kept::state)
                .containsExactly(
                        tuple("{\"a\":1}", 1L, "", FrameState.COMPLETE),
                        tuple("{\"b\":[2,{}]}", 10L, "", FrameState.COMPLETE),
                        tuple("3", 23L, "", FrameState.COMPLETE));
    }

    @Test
    void namesTheArrayAndKeepsEveryOtherMember() {
        String document = """
                {
                  "semanticSegments": [{"startTime": "x"}, {"startTime": "y"}],
                  "rawSignals": [{"position": {}}],
                  "userLocationProfile": {"frequentPlaces": []},
                  "version": 3,
                  "empty": []
                }
                """;

        assertThat(Frames.of(FramingKind.JSON, document))
                .extracting(Kept::section, Kept::text)
                .containsExactly(
                        tuple("semanticSegments", "{\"startTime\": \"x\"}"),
                        tuple("semanticSegments", "{\"startTime\": \"y\"}"),
                        tuple("rawSignals", "{\"position\": {}}"),
                        tuple("#userLocationProfile", "{\"frequentPlaces\": []}"),
                        tuple("#version", "3"));
    }

    @Test
    void isNotMisledByBracketsAndQuotesInStrings() {
        String element = "{\"a\":\"\\\"}]{[\\\\\",\"b\":\"\\u007b\"}";

        assertThat(Frames.texts(FramingKind.JSON, "[" + element + "," + element + "]"))
                .containsExactly(element, element);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "true", "-1.5e3", "null"})
    void takesAScalarDocumentAsOneFrame(String document) {
        assertThat(Frames.of(FramingKind.JSON, " " + document + "\n"))
                .extracting(Kept::section, Kept::text)
                .containsExactly(tuple("#", document));
    }

    @Test
    void readsNamesWithEscapes() {
        assertThat(Frames.sections(FramingKind.JSON, "{\"caf\\u00e9 \\\"x\\\"\":[1],\"b\\/c\":2}"))
                .containsExactly("café \"x\"", "#b/c");
    }

    @Test
    void skipsAByteOrderMarkAndAnAssignment() {
        assertThat(Frames.texts(FramingKind.JSON, "\uFEFF[1]")).containsExactly("1");
        assertThat(Frames.texts(FramingKind.JSON, "window.YTD.tweets.part0 = [ {\"tweet\" : {}} ]"))
                .containsExactly("{\"tweet\" : {}}");
    }

    @Test
    void givesNothingForAnEmptyDocument() {
        assertThat(Frames.of(FramingKind.JSON, "")).isEmpty();
        assertThat(Frames.of(FramingKind.JSON, " \n[ ]\n")).isEmpty();
    }

    @Test
    void losesOnlyTheElementWithAMissingQuote() {
        String document = """
                [{
                  "header": "one",
                  "title": "fine"
                }, {
                  "header": "two,
                  "title": "damaged"
                }, {
                  "header": "three",
                  "title": "fine"
                }]""";

        List<Kept> frames = Frames.of(FramingKind.JSON, document);

        assertThat(frames)
                .extracting(Kept::state)
                .containsExactly(FrameState.COMPLETE, FrameState.BROKEN, FrameState.COMPLETE);
        assertThat(frames.get(1).text()).startsWith("{\n  \"header\": \"two").endsWith("\"damaged\"\n}");
        assertThat(frames.get(2).text()).contains("three");
    }

    @Test
    void losesOnlyTheElementWithAMissingQuoteOnOneLine() {
        List<Kept> frames = Frames.of(
                FramingKind.JSON,
                "[{\"t\":1,\"v\":\"a\"},{\"t\":2,\"v\":\"b},{\"t\":3,\"v\":\"c\"},{\"t\":4,\"v\":\"d\"}]");

        assertThat(frames)
                .extracting(Kept::text, Kept::state)
                .containsExactly(
                        tuple("{\"t\":1,\"v\":\"a\"}", FrameState.COMPLETE),
                        tuple("{\"t\":2,\"v\":\"b}", FrameState.BROKEN),
                        tuple("{\"t\":3,\"v\":\"c\"}", FrameState.COMPLETE),
                        tuple("{\"t\":4,\"v\":\"d\"}", FrameState.COMPLETE));
    }

    @Test
    void losesOnlyTheElementWithAMissingBracket() {
        List<Kept> frames = Frames.of(
                FramingKind.JSON,
                "[{\"t\":1,\"v\":[{\"x\":1}]},{\"t\":2,\"v\":[{\"x\":1}},{\"t\":3,\"v\":[{\"x\":1}]}]");

        assertThat(frames)
                .extracting(Kept::text, Kept::state)
                .containsExactly(
                        tuple("{\"t\":1,\"v\":[{\"x\":1}]}", FrameState.COMPLETE),
                        tuple("{\"t\":2,\"v\":[{\"x\":1}}", FrameState.BROKEN),
                        tuple("{\"t\":3,\"v\":[{\"x\":1}]}", FrameState.COMPLETE));
    }

    @Test
    void findsTheFirstElementAfterADamagedFirstOne() {
        assertThat(Frames.of(FramingKind.JSON, "[{\"t\":1]}, {\"t\":2}, {\"t\":3}]"))
                .extracting(Kept::text, Kept::state)
                .containsExactly(
                        tuple("{\"t\":1]}", FrameState.BROKEN),
                        tuple("{\"t\":2}", FrameState.COMPLETE),
                        tuple("{\"t\":3}", FrameState.COMPLETE));
    }

    @Test
    void keepsTheSectionsAfterADamagedLastElement() {
        String document = """
                {
                  "first": [
                    {
                      "a": [1}
                    }
                  ],
                  "second": [
                    {
                      "b": 2
                    }
                  ]
                }
                """;

        assertThat(Frames.of(FramingKind.JSON, document))
                .extracting(Kept::section, Kept::state)
                .containsExactly(tuple("first", FrameState.BROKEN), tuple("second", FrameState.COMPLETE));
    }

    @Test
    void keepsATruncatedElementAsABrokenFrame() {
        assertThat(Frames.of(FramingKind.JSON, "[{\"a\":1},{\"a\":\"cut of"))
                .extracting(Kept::text, Kept::state)
                .containsExactly(tuple("{\"a\":1}", FrameState.COMPLETE), tuple("{\"a\":\"cut of", FrameState.BROKEN));
    }

    @Test
    void keepsGarbageAfterTheDocument() {
        assertThat(Frames.of(FramingKind.JSON, "[1]\n<html>error</html>"))
                .extracting(Kept::text, Kept::state)
                .containsExactly(tuple("1", FrameState.COMPLETE), tuple("<html>error</html>", FrameState.BROKEN));
    }

    @Test
    void keepsGarbageBetweenElements() {
        assertThat(Frames.of(FramingKind.JSON, "[{\"a\":1}, oops, {\"a\":2}]"))
                .extracting(Kept::text, Kept::state)
                .containsExactly(
                        tuple("{\"a\":1}", FrameState.COMPLETE),
                        tuple("oops", FrameState.BROKEN),
                        tuple("{\"a\":2}", FrameState.COMPLETE));
    }

    @Test
    void refusesToNestWithoutEnd() {
        String deep = "[".repeat(100_000);

        assertThat(Frames.of(FramingKind.JSON, "[" + deep))
                .extracting(Kept::state)
                .containsOnly(FrameState.BROKEN);
    }

    @Test
    void keepsTheBeginningAndThePlaceOfAnOverlongElement() {
        Framing framing = FramingKind.JSON.framing(new FramingLimits(1000, 10));
        byte[] document = ("[1,\"" + "x".repeat(100_000) + "\",2]").getBytes(StandardCharsets.UTF_8);

        assertThat(Frames.of(framing, document))
                .extracting(Kept::text, Kept::position, Kept::bytes, Kept::state)
                .containsExactly(
                        tuple("1", 1L, 1L, FrameState.COMPLETE),
                        tuple("\"xxxxxxxxx", 3L, 100_002L, FrameState.OVERLONG),
                        tuple("2", 100_006L, 1L, FrameState.COMPLETE));
    }
}
