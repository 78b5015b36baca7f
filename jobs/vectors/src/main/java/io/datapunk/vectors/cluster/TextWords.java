package io.datapunk.vectors.cluster;

import io.datapunk.vectors.shard.TextTerms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The words of texts that a label may have: in lower case, with a letter, of three characters at least. */
final class TextWords implements AutoCloseable {
    private static final int SHORTEST = 3;

    private final TextTerms terms = new TextTerms();

    /** Each once. */
    Set<String> of(String text) {
        try {
            return terms.of(text).stream().filter(TextWords::isWord).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isWord(String term) {
        return term.codePointCount(0, term.length()) >= SHORTEST
                && term.codePoints().anyMatch(Character::isLetter);
    }

    @Override
    public void close() {
        terms.close();
    }
}
