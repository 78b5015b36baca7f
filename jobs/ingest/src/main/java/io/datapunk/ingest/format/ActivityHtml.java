package io.datapunk.ingest.format;

import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Google's My Activity and YouTube's histories as HTML: one cell holds a header, a body of lines (title, subtitles, time;
 * since July 2026 a line break and content may follow the time) and a caption with labelled groups (products, places,
 * details). Labels and times follow the account's language.
 */
final class ActivityHtml implements FrameParser {
    private final HtmlTimes times = new HtmlTimes();

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable {
        if (frame.section().startsWith("#")) {
            return List.of();
        }
        String html = new String(frame.buffer(), frame.from(), frame.length(), StandardCharsets.UTF_8);
        Element cell = Jsoup.parseBodyFragment(html).body();
        Element body = null;
        Element caption = null;
        for (Element candidate : cell.getElementsByClass("content-cell")) {
            if (candidate.hasClass("mdl-typography--caption")) {
                caption = caption == null ? candidate : caption;
            } else if (!candidate.hasClass("mdl-typography--text-right")) {
                body = body == null ? candidate : body;
            }
        }
        if (body == null) {
            throw new Unusable("html-shape", "the cell has no content cell");
        }
        Element header = cell.getElementsByClass("mdl-typography--title").first();
        return List.of(record(
                frame.position(),
                header == null ? null : Text.emptyToNull(text(header)),
                HtmlLine.of(body),
                caption == null ? List.of() : HtmlLine.of(caption),
                context));
    }

    private AcceptedRecord record(
            long position, String header, List<HtmlLine> body, List<HtmlLine> caption, ParseContext context)
            throws Unusable {
        int timeLine = -1;
        EventTime time = null;
        for (int i = body.size() - 1; i > 0 && time == null; i--) {
            Optional<EventTime> found =
                    body.get(i).isPlain() ? times.parse(body.get(i).text(), context.exportedAt()) : Optional.empty();
            if (found.isPresent()) {
                time = found.get();
                timeLine = i;
            }
        }
        if (time == null) {
            throw new Unusable("required-field", "no line of the cell is a time in a known form and zone");
        }
        HtmlLine title = body.get(0);
        List<HtmlLine> subtitles = new ArrayList<>(body.subList(1, timeLine));
        subtitles.addAll(body.subList(timeLine + 1, body.size()));

        HtmlCaption groups = HtmlCaption.of(caption);
        String product =
                groups.products().isEmpty() ? header : groups.products().get(0);
        Detail detail = new Detail();
        if (header != null && !header.equals(product)) {
            detail.text("header", header);
        }
        if (groups.products().size() > 1) {
            detail.texts("products", groups.products());
        }
        detail.json("subtitles", HtmlLine.toJson(subtitles));
        detail.json("details", groups.details());
        detail.json("locationInfos", groups.places());
        detail.json("captions", groups.others());

        Coordinates place = groups.places() == null ? null : PlaceLinks.first(groups.places());
        Payload.Activity activity = new Payload.Activity(
                product,
                ActivityKind.of(title.text(), title.url(), context.entryPath()),
                title.text(),
                title.url(),
                detail.toJson(),
                place == null ? null : place.latitude(),
                place == null ? null : place.longitude(),
                null);
        return ActivityRow.of(position, ActivityJson.FAMILY, time, activity, true);
    }

    private static String text(Element element) {
        return Text.comparable(Text.storable(element.wholeText()));
    }

    /**
     * A line between two breaks.
     *
     * @param text with every white space as one space
     * @param links addresses in it, in order
     * @param label whether it is a bold label that ends in a colon
     * @param isPlain whether it holds text and no element
     */
    record HtmlLine(String text, List<String> links, boolean label, boolean isPlain) {
        String url() {
            return links.isEmpty() ? null : links.get(0);
        }

        /** The lines of a cell that are not blank. */
        static List<HtmlLine> of(Element cell) {
            List<HtmlLine> lines = new ArrayList<>();
            Builder line = new Builder();
            for (Node child : cell.childNodes()) {
                if (child instanceof Element element) {
                    String name = element.normalName();
                    boolean block = name.equals("p") || name.equals("div") || name.equals("ul") || name.equals("ol");
                    if (block || name.equals("br")) {
                        line.addTo(lines);
                        line = new Builder();
                    }
                    if (!name.equals("br")) {
                        line.add(element);
                    }
                    if (block) {
                        line.addTo(lines);
                        line = new Builder();
                    }
                } else if (child instanceof TextNode textNode) {
                    line.text.append(textNode.getWholeText());
                }
            }
            line.addTo(lines);
            return lines;
        }

        /** As the JSON export writes subtitles; null where there are none. */
        static String toJson(List<HtmlLine> lines) {
            if (lines.isEmpty()) {
                return null;
            }
            StringBuilder out = new StringBuilder();
            char separator = '[';
            for (HtmlLine line : lines) {
                Detail subtitle = new Detail();
                subtitle.text("name", line.text());
                subtitle.text("url", line.url());
                if (line.links().size() > 1) {
                    subtitle.texts("links", line.links());
                }
                out.append(separator).append(subtitle.toJson());
                separator = ',';
            }
            return out.append(']').toString();
        }

        private static final class Builder {
            private final StringBuilder text = new StringBuilder();
            private final List<String> links = new ArrayList<>(1);
            private boolean bold;
            private boolean element;

            void add(Element child) {
                element = true;
                bold = bold || child.normalName().equals("b");
                text.append(child.wholeText());
                for (Element link : child.getElementsByTag("a")) {
                    String address = link.attr("href");
                    if (!address.isEmpty()) {
                        links.add(Text.storable(address));
                    }
                }
            }

            void addTo(List<HtmlLine> lines) {
                String plain = Text.comparable(Text.storable(text.toString()));
                if (!plain.isEmpty() || !links.isEmpty()) {
                    lines.add(new HtmlLine(
                            plain, List.copyOf(links), bold && links.isEmpty() && plain.endsWith(":"), !element));
                }
            }
        }
    }

    /**
     * The labelled groups of a caption.
     *
     * @param products never null
     * @param places as the JSON export writes locationInfos; null where there are none
     * @param details as the JSON export writes details; null where there are none
     * @param others groups with labels in a language that is not known, as an object; null where there are none
     */
    record HtmlCaption(List<String> products, String places, String details, String others) {
        static HtmlCaption of(List<HtmlLine> lines) {
            List<String> products = new ArrayList<>(1);
            StringBuilder places = new StringBuilder();
            List<HtmlLine> details = new ArrayList<>();
            Detail others = new Detail();
            List<String> other = new ArrayList<>();
            String label = "";
            boolean first = true;
            Group group = Group.OTHER;
            for (HtmlLine line : lines) {
                if (line.label()) {
                    others.texts(label, other);
                    other.clear();
                    label = line.text();
                    // Every caption begins with the products, in all languages.
                    group = first ? Group.PRODUCTS : Group.of(label);
                    first = false;
                    continue;
                }
                switch (group) {
                    case PRODUCTS -> products.add(line.text());
                    case PLACES -> places.append(places.isEmpty() ? '[' : ',').append(place(line));
                    case DETAILS -> details.add(line);
                    case OTHER -> {
                        other.add(line.text());
                        other.addAll(line.links());
                    }
                }
            }
            others.texts(label, other);
            return new HtmlCaption(
                    products,
                    places.isEmpty() ? null : places.append(']').toString(),
                    HtmlLine.toJson(details),
                    others.toJson());
        }

        /** {@code At <a>this general area</a> - From <a>your places</a> (Home)}: a place and who knew it. */
        private static String place(HtmlLine line) {
            int dash = line.text().indexOf(" - ");
            boolean linksToPlace =
                    !line.links().isEmpty() && PlaceLinks.first(line.links().get(0)) != null;
            String name = dash >= 0 ? line.text().substring(0, dash) : linksToPlace ? line.text() : null;
            String source = dash >= 0 ? line.text().substring(dash + 3) : linksToPlace ? null : line.text();
            boolean firstIsPlace = linksToPlace || line.links().size() > 1;
            Detail place = new Detail();
            place.text("name", name);
            place.text("source", source);
            if (!line.links().isEmpty()) {
                place.text(firstIsPlace ? "url" : "sourceUrl", line.links().get(0));
            }
            if (line.links().size() > 1) {
                place.text("sourceUrl", line.links().get(1));
            }
            return place.toJson();
        }
    }

    private enum Group {
        PRODUCTS,
        PLACES,
        DETAILS,
        OTHER;

        static Group of(String label) {
            return switch (label.toLowerCase(Locale.ROOT)) {
                case "products:", "produkte:", "produits :", "produits:", "productos:", "prodotti:", "producten:" ->
                    PRODUCTS;
                case "locations:",
                        "standorte:",
                        "orte:",
                        "lieux :",
                        "positions :",
                        "ubicaciones:",
                        "luoghi:",
                        "locaties:" -> PLACES;
                case "details:", "détails :", "informations :", "detalles:", "dettagli:" -> DETAILS;
                default -> OTHER;
            };
        }
    }
}
