package io.datapunk.promises;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.FSDirectory;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * Looks for words in every file below some folders, opened as what it is: Parquet by its values, column by column, what
 * gzip has compressed by what it was, the rows of a vector index by Lucene, and all else, PostgreSQL's files and its log
 * of changes among them, by its bytes.
 */
record StoreDecoder(List<Path> folders) {
    /** The files that hold one of the words. */
    SortedSet<Path> find(String... words) {
        SortedSet<Path> found = new TreeSet<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(Files::isRegularFile)
                        .filter(file -> holds(file, words))
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static boolean holds(Path file, String... words) {
        try {
            if (file.getFileName().toString().startsWith("segments_")) {
                return inDocuments(file.getParent(), words);
            }
            return file.toString().endsWith(".parquet") ? inValues(file, words) : inBytes(file, words);
        } catch (NoSuchFileException goneMeanwhile) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean inValues(Path file, String... words) throws IOException {
        try (ParquetReader<Group> rows = ParquetReader.builder(
                        new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
                .withConf(new Configuration())
                .build()) {
            for (Group row = rows.read(); row != null; row = rows.read()) {
                if (Stream.of(words).anyMatch(row.toString()::contains)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean inDocuments(Path index, String... words) throws IOException {
        try (DirectoryReader documents = DirectoryReader.open(FSDirectory.open(index))) {
            for (int number = 0; number < documents.maxDoc(); number++) {
                String document = documents.storedFields().document(number).toString();
                if (Stream.of(words).anyMatch(document::contains)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean inBytes(Path file, String... words) throws IOException {
        try (InputStream in = file.toString().endsWith(".gz")
                ? new GZIPInputStream(Files.newInputStream(file))
                : Files.newInputStream(file)) {
            String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return Stream.of(words).anyMatch(bytes::contains);
        }
    }
}
