package io.datapunk.vectors.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** The words of texts that a label may have: in lower case, with a letter, of three characters at least. */
final class TextWords implements AutoCloseable {
    private static final int SHORTEST = 3;

    private final Analyzer analyzer = new StandardAnalyzer();

    /** Each once. */
    Set<String> of(String text) {
        Set<String> words = new TreeSet<>();
        try (TokenStream tokens = analyzer.tokenStream("", text)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                String word = term.toString();
                if (word.codePointCount(0, word.length()) >= SHORTEST
                        && word.codePoints().anyMatch(Character::isLetter)) {
                    words.add(word);
                }
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return words;
    }

    @Override
    public void close() {
        analyzer.close();
    }
}
