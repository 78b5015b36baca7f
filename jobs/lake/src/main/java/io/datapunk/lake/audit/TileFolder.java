package io.datapunk.lake.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder {@code tile}: the tree's hashes, so that a root or a proof need not read the log. All of it can be made again
 * from the log.
 *
 * <ul>
 *   <li>{@code <level>/<index>}: a tile, as C2SP tlog-tiles names and fills it: 32 bytes a hash, {@value
 *       TileBuilder#WIDTH} hashes where it is full; the index in groups of three digits, all but the last with an
 *       {@code x} before, as {@code 0/x001/234}. A tile of level 0 is there when it is full and never changes; the last
 *       one of a higher level grows. What is not in a full tile of level 0 is at the end of the log, at most 255 entries.
 *   <li>{@code ends}: a line of 19 digits for each tile of level 0, how many bytes the log has up to the tile's end.
 *       Written after the tiles: what it does not name yet is made again.
 * </ul>
 */
final class TileFolder {
    static final String NAME = "tile";
    static final String ENDS = NAME + "/ends";

    static final int END_LENGTH = 20;
    private static final String END = "\\d{19}\n";

    private final Path audit;

    /** @param audit the folder that the log lies in */
    TileFolder(Path audit) {
        this.audit = audit;
    }

    static String name(int level, long index) {
        StringBuilder path = new StringBuilder(String.format("%03d", index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, String.format("x%03d/", rest % 1000));
        }
        return NAME + "/" + level + "/" + path;
    }

    /** Where the full tiles of level 0 end in the log; as many as there are tiles. */
    List<Long> ends() throws IOException, DamagedException {
        String text;
        try {
            text = Files.readString(audit.resolve(ENDS), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException noneYet) {
            return List.of();
        }
        List<Long> ends = new ArrayList<>();
        for (int from = 0; from < text.length(); from += END_LENGTH) {
            String line = text.substring(from, Math.min(text.length(), from + END_LENGTH));
            if (!line.matches(END)) {
                throw new DamagedException(
                        new AuditDamage(ENDS, ends.size() + 1, from, "it is no number of 19 digits"));
            }
            ends.add(Long.parseLong(line.strip()));
        }
        return ends;
    }

    void writeEnds(List<Long> ends) throws IOException {
        StringBuilder text = new StringBuilder();
        ends.forEach(end -> text.append(String.format("%019d\n", end)));
        DurableFile.replace(
                Files.createDirectories(audit.resolve(NAME)).resolve("ends"),
                text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    void write(int level, long index, List<TreeHash> tile) throws IOException {
        byte[] bytes = new byte[tile.size() * TreeHash.BYTES];
        for (int i = 0; i < tile.size(); i++) {
            tile.get(i).write(bytes, i);
        }
        Path file = audit.resolve(name(level, index));
        Files.createDirectories(file.getParent());
        DurableFile.replace(file, bytes);
    }

    /**
     * All hashes of a tile.
     *
     * @param least how many it has to have
     */
    List<TreeHash> read(int level, long index, int least) throws IOException, DamagedException {
        String name = name(level, index);
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(audit.resolve(name));
        } catch (NoSuchFileException e) {
            throw new DamagedException(AuditDamage.at(0, name, "the tile is missing"));
        }
        int hashes = bytes.length / TreeHash.BYTES;
        if (bytes.length % TreeHash.BYTES != 0 || hashes < least || hashes > TileBuilder.WIDTH) {
            throw new DamagedException(AuditDamage.at(
                    bytes.length, name, "the tile has " + bytes.length + " bytes and not " + least * TreeHash.BYTES));
        }
        List<TreeHash> tile = new ArrayList<>(hashes);
        for (int i = 0; i < hashes; i++) {
            tile.add(TreeHash.read(bytes, i));
        }
        return tile;
    }

    /** The unfinished tiles, by level, when {@code tiles} of level 0 are full. */
    List<List<TreeHash>> unfinished(long tiles) throws IOException, DamagedException {
        List<List<TreeHash>> unfinished = new ArrayList<>();
        unfinished.add(List.of());
        int level = 1;
        for (long hashes = tiles; hashes > 0; hashes /= TileBuilder.WIDTH) {
            int width = (int) (hashes % TileBuilder.WIDTH);
            unfinished.add(
                    width == 0
                            ? List.of()
                            : read(level, hashes / TileBuilder.WIDTH, width).subList(0, width));
            level++;
        }
        return unfinished;
    }
}
