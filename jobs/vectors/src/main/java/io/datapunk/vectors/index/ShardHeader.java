package io.datapunk.vectors.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.config.IndexSettings.IndexType;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Kernel;
import io.datapunk.vectors.distance.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an index has to know of itself: file {@value #FILE}, written last. A folder without it is none.
 *
 * @param format of all files; another one is refused
 * @param links of a node in a graph; else 0
 * @param longest length of the longest vector
 * @param bytes of each other file
 */
record ShardHeader(
        int format,
        IndexType type,
        VectorMetric metric,
        int dimensions,
        int rows,
        int links,
        double longest,
        SortedMap<String, Long> bytes) {
    static final String FILE = "shard.json";

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of vectors, and the files that lie in the folder. */
    static void write(Path folder, IndexType type, int links, Matrix vectors) throws IOException {
        SortedMap<String, Long> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes.put(file.getFileName().toString(), Files.size(file));
            }
        }
        ShardHeader header = new ShardHeader(
                FORMAT, type, vectors.metric(), vectors.dimensions(), vectors.size(), links, longest(vectors), bytes);
        Files.write(folder.resolve(FILE), JSON.writeValueAsBytes(header), StandardOpenOption.CREATE_NEW);
    }

    static double longest(Matrix vectors) {
        Kernel products = Kernel.of(VectorMetric.DOT);
        double longest = 0;
        for (int row = 0; row < vectors.size(); row++) {
            longest = Math.max(longest, vectors.nearness(products, row, row));
        }
        return Math.sqrt(longest);
    }

    static ShardHeader read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        ShardHeader header;
        try {
            header = JSON.readValue(Files.readAllBytes(file), ShardHeader.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not the header of an index, or was cut off", e);
        }
        if (header.format != FORMAT) {
            throw new IOException(file + " is of format " + header.format + ", and this version reads " + FORMAT);
        }
        if (header.metric == null || header.bytes == null) {
            throw new IOException(file + " is not the header of an index");
        }
        for (Map.Entry<String, Long> part : header.bytes.entrySet()) {
            Path path = folder.resolve(part.getKey());
            long size = size(path);
            if (size != part.getValue()) {
                throw new IOException(path + " has " + size + " bytes and was written with " + part.getValue());
            }
        }
        return header;
    }

    private static long size(Path path) throws IOException {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            throw new IOException(path + " is missing", e);
        }
    }

    boolean has(String file) {
        return bytes.containsKey(file);
    }
}
