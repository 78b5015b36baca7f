package io.datapunk.ingest.format;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** The text that a reader of a page sees, with line breaks where blocks begin and end. */
final class HtmlText {
    private HtmlText() {}

    static String of(String html) {
        Document document = Jsoup.parse(html);
        document.select("script,style,head,title").remove();
        StringBuilder out = new StringBuilder(html.length() / 4);
        document.traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode text) {
                    appendFolded(text.getWholeText(), out);
                } else if (node instanceof Element element && breaksLine(element)) {
                    appendBreak(out);
                }
            }

            @Override
            public void tail(Node node, int depth) {
                if (node instanceof Element element && breaksLine(element)) {
                    appendBreak(out);
                }
            }
        });
        return out.toString().strip();
    }

    private static boolean breaksLine(Element element) {
        return element.isBlock() || element.normalName().equals("br");
    }

    private static void appendFolded(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\u00a0' || Character.isWhitespace(c)) {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ' && out.charAt(out.length() - 1) != '\n') {
                    out.append(' ');
                }
            } else {
                out.append(c);
            }
        }
    }

    private static void appendBreak(StringBuilder out) {
        int end = out.length();
        while (end > 0 && out.charAt(end - 1) == ' ') {
            end--;
        }
        out.setLength(end);
        if (end > 0 && out.charAt(end - 1) != '\n') {
            out.append('\n');
        }
    }
}
