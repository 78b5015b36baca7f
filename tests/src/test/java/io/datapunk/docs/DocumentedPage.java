package io.datapunk.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HtmlBlock;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * A page of the documentation.
 *
 * @param name its path below the project's root
 */
record DocumentedPage(String name, List<Block> blocks) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern NOT_RUN = Pattern.compile("<!-- not run: (.+) -->");

    /**
     * A block of code.
     *
     * @param line of the page on which it begins
     * @param language what follows the fence; {@code sh} is for the reader's shell
     * @param notRun why the tests do not run it
     */
    record Block(int line, String language, Optional<String> notRun, String code) {
        boolean isCommands() {
            return language.equals("sh");
        }
    }

    /** All pages for those who use the lake, or work on it. */
    static List<DocumentedPage> all() throws IOException {
        List<DocumentedPage> pages = new ArrayList<>();
        for (String place : List.of("README.md", "CONTRIBUTING.md", "dags", "conf", "docs", "notebooks")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                for (Path file : files.filter(found -> found.toString().endsWith(".md"))
                        .sorted()
                        .toList()) {
                    pages.add(of(file));
                }
            }
        }
        return pages;
    }

    private static DocumentedPage of(Path file) throws IOException {
        Blocks blocks = new Blocks();
        Parser.builder()
                .includeSourceSpans(IncludeSourceSpans.BLOCKS)
                .build()
                .parse(Files.readString(file))
                .accept(blocks);
        return new DocumentedPage(ROOT.relativize(file).toString(), blocks.found);
    }

    private static final class Blocks extends AbstractVisitor {
        private final List<Block> found = new ArrayList<>();

        @Override
        public void visit(FencedCodeBlock block) {
            Optional<String> notRun = Optional.empty();
            if (block.getPrevious() instanceof HtmlBlock comment) {
                Matcher reason = NOT_RUN.matcher(comment.getLiteral());
                notRun = reason.matches() ? Optional.of(reason.group(1)) : Optional.empty();
            }
            int line = block.getSourceSpans().get(0).getLineIndex() + 1;
            found.add(new Block(line, block.getInfo(), notRun, block.getLiteral()));
        }
    }

    /** The blocks that are run, one after the other in one shell. */
    List<Block> run() {
        return blocks.stream()
                .filter(block -> block.isCommands() && block.notRun().isEmpty())
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
