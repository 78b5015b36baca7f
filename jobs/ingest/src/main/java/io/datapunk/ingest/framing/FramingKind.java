package io.datapunk.ingest.framing;

/** The framings there are. */
public enum FramingKind {
    /**
     * The elements of the arrays of a JSON document. The section of an element is the name of the array when the array is
     * a member of the top-level object, and {@code ""} when the array is the document. Any other member of the top-level
     * object is one frame with its value and the section {@code "#name"}; a document that is neither array nor object is
     * one frame with the section {@code "#"}. A JavaScript assignment before the document
     * ({@code window.YTD.tweets.part0 = [}) is a separator.
     */
    JSON,
    /** The messages of a mailbox, each with its {@code From } line. The section is {@code ""}. */
    MBOX,
    /**
     * The cells of a My Activity page. The section is {@code ""} for a cell, {@code "#head"} for what stands before the
     * first one; the last cell ends where the document ends.
     */
    HTML_CELLS,
    /**
     * CSV records, line breaks within quotes included. The section is the text of the header record; the header itself
     * has {@code "#header"}, and lines before it (a preamble as LinkedIn writes) have {@code "#preamble"}.
     */
    CSV,
    /** Lines that are not empty, without their line break; NDJSON. The section is {@code ""}. */
    LINES,
    /** The entry as one frame. The section is {@code ""}. */
    WHOLE;

    public Framing framing(FramingLimits limits) {
        return switch (this) {
            case JSON -> new JsonFraming(limits);
            case MBOX -> new MboxFraming(limits);
            case HTML_CELLS -> new HtmlCellFraming(limits);
            case CSV -> new CsvFraming(limits);
            case LINES -> new LineFraming(limits);
            case WHOLE -> new WholeFraming(limits);
        };
    }

    public Framing framing() {
        return framing(FramingLimits.DEFAULT);
    }
}
