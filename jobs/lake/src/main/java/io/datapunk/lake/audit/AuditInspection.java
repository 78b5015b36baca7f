package io.datapunk.lake.audit;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.storage.ProcessLock;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the log once and compares it with everything that says what it has to be: its head, its tiles, its signed head,
 * and what lies in other places.
 */
final class AuditInspection {
    private final LakeConfig config;
    private final Path folder;
    private final SigningKeyFile key;
    private final TileFolder tiles;

    private final List<AuditDamage> damages = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<Outside> outsides = new ArrayList<>();
    private final Set<Outside> damagedCopies = new HashSet<>();
    private final Map<Long, State> states = new HashMap<>();

    private Optional<NoteVerifier> verifier = Optional.empty();
    private Optional<Checkpoint> checkpoint = Optional.empty();
    private List<Long> ends = List.of();
    private boolean tilesDiffer;
    private AuditVerification log;
    private AuditHead reached;
    private long nextLine;

    AuditInspection(LakeConfig config, Path folder, SigningKeyFile key) {
        this.config = config;
        this.folder = folder;
        this.key = key;
        this.tiles = new TileFolder(folder);
    }

    /** The log when it had a number of entries. */
    private record State(TreeHash root, long bytes) {}

    /** A location and its signed heads, by their files, that a key of its own or the lake's has signed. */
    private record Outside(AuditLocation place, Map<String, Checkpoint> signed, int signedHeads, long bytes) {
        private long newest() {
            return signed.values().stream().mapToLong(Checkpoint::size).max().orElse(0);
        }
    }

    /** In this order: what lies outside is older than what is read here afterwards, and never ahead of it. */
    AuditReport run() throws IOException {
        try {
            readVerifier();
            config.audit().locations().forEach(this::readOutside);
            readCheckpoint();
            TreeHash root = readLog();
            compareCheckpoint();
            for (Outside outside : outsides) {
                compare(outside);
            }
            return report(root);
        } finally {
            for (Outside outside : outsides) {
                outside.place().close();
            }
        }
    }

    private AuditReport report(TreeHash root) {
        long signed = checkpoint.map(Checkpoint::size).orElse(0L);
        int copies = 1
                + (int) outsides.stream()
                        .filter(outside -> outside.newest() >= signed && !damagedCopies.contains(outside))
                        .count();
        return new AuditReport(
                log.entries(),
                log.hash(),
                root.toString(),
                Math.min(signed, log.entries()),
                log.unfinishedBytes(),
                copies,
                outsides.stream()
                        .map(outside -> new AuditReport.Location(
                                outside.place().name(), outside.signedHeads(), outside.newest(), outside.bytes()))
                        .toList(),
                damages,
                problems);
    }

    private void readVerifier() throws IOException {
        try {
            if (Files.exists(folder.resolve(AuditTrail.VERIFIER))
                    || Files.exists(folder.resolve(AuditTrail.CHECKPOINT))) {
                verifier = Optional.of(AuditTrail.localVerifier(folder, key));
            }
        } catch (DamagedException e) {
            damages.add(e.damage());
        }
    }

    private void readCheckpoint() throws IOException {
        Optional<byte[]> note = AuditTrail.readIfExists(folder.resolve(AuditTrail.CHECKPOINT));
        if (note.isEmpty() && Files.exists(folder.resolve(AuditTrail.VERIFIER))) {
            damages.add(AuditDamage.at(0, AuditTrail.CHECKPOINT, "it is missing"));
        }
        if (note.isPresent() && verifier.isPresent()) {
            checkpoint = open(AuditTrail.CHECKPOINT, note.get(), verifier.get());
        }
    }

    private Optional<Checkpoint> open(String file, byte[] note, NoteVerifier by) {
        try {
            return Optional.of(Checkpoint.open(note, by));
        } catch (Checkpoint.InvalidException e) {
            damages.add(AuditDamage.at(0, file, e.getMessage()));
            return Optional.empty();
        }
    }

    private void readOutside(String location) {
        AuditLocation place = null;
        try {
            place = AuditLocation.open(location, config);
            Optional<NoteVerifier> by = verifierOf(place);
            Map<String, Checkpoint> signed = new HashMap<>();
            List<AuditLocation.Anchor> anchors = place.anchors();
            if (by.isEmpty() && !anchors.isEmpty()) {
                damages.add(new AuditDamage(AuditTrail.VERIFIER, 1, 0, "it is missing, here and in " + location));
            }
            for (AuditLocation.Anchor anchor : anchors) {
                String file = location + "/" + anchor.file();
                if (by.isPresent()) {
                    Optional<Checkpoint> opened = open(file, anchor.note(), by.get());
                    if (opened.isPresent() && !anchor.isNamed(opened.get().size())) {
                        damages.add(AuditDamage.at(
                                0,
                                file,
                                "it is the signed head of " + opened.get().size() + " entries"));
                    }
                    opened.ifPresent(head -> signed.put(file, head));
                }
            }
            outsides.add(new Outside(place, signed, anchors.size(), place.copied()));
        } catch (IOException e) {
            problems.add(AuditTrail.outOfReach(location, e).getMessage());
            closeQuietly(place);
        }
    }

    /** Whose signatures lie in a place: its own word goes first, for the lake's may have been exchanged. */
    private Optional<NoteVerifier> verifierOf(AuditLocation place) throws IOException {
        Optional<String> text = place.verifier();
        if (text.isEmpty()) {
            return verifier;
        }
        String file = place.name() + "/audit/" + AuditTrail.VERIFIER;
        Optional<NoteVerifier> theirs = NoteVerifier.parse(text.get().strip())
                .filter(found -> text.get().equals(found + "\n"));
        if (theirs.isEmpty()) {
            damages.add(new AuditDamage(file, 1, 0, "it is altered"));
            return verifier;
        }
        if (verifier.isPresent() && !verifier.equals(theirs)) {
            damages.add(new AuditDamage(
                    AuditTrail.VERIFIER,
                    1,
                    0,
                    "it names the key " + verifier.get() + ", and " + file + " the key " + theirs.get()));
        }
        return theirs;
    }

    private static void closeQuietly(AuditLocation place) {
        try {
            if (place != null) {
                place.close();
            }
        } catch (IOException alreadyTold) {
            // That the place is out of reach is told.
        }
    }

    private TreeHash readLog() throws IOException {
        Set<Long> wanted = new HashSet<>();
        checkpoint.ifPresent(head -> wanted.add(head.size()));
        outsides.forEach(outside -> outside.signed().values().forEach(head -> wanted.add(head.size())));
        try {
            ends = tiles.ends();
        } catch (DamagedException e) {
            damages.add(e.damage());
            tilesDiffer = true;
        }
        TileBuilder builder = new TileBuilder(this::compareTile);
        Path file = folder.resolve(AuditLog.FILE);
        try (ProcessLock lock = ProcessLock.acquire(
                folder.resolve(AuditLog.LOCK), config.audit().lockTimeout())) {
            Optional<AuditHead> head = AuditHead.read(folder.resolve(AuditLog.HEAD));
            boolean expected = Files.exists(file) || checkpoint.isPresent();
            try (InputStream in = Files.exists(file) ? Files.newInputStream(file) : InputStream.nullInputStream()) {
                AuditScan scan = AuditScan.of(in, head.orElse(AuditHead.EMPTY), (entry, line, offset) -> {
                    builder.add(TreeHash.ofHex(entry.hash()));
                    long end = offset + line.length + 1;
                    if (wanted.contains(builder.size())) {
                        states.put(builder.size(), new State(builder.root(), end));
                    }
                    compareEnd(builder.size(), end);
                });
                log = scan.result();
                reached = scan.reached();
                nextLine = scan.nextLine();
            }
            log.damage().map(AuditDamage::of).ifPresent(damages::add);
            if (head.isEmpty() && expected) {
                damages.add(new AuditDamage(AuditLog.HEAD, 1, 0, "it is missing or altered"));
            }
        }
        compareUnfinished(builder);
        return builder.root();
    }

    private void compareEnd(long entries, long end) {
        long tile = entries / TileBuilder.WIDTH - 1;
        if (entries % TileBuilder.WIDTH == 0
                && !tilesDiffer
                && tile < ends.size()
                && ends.get((int) tile).longValue() != end) {
            tilesDiffer = true;
            damages.add(new AuditDamage(
                    TileFolder.ENDS,
                    tile + 1,
                    tile * TileFolder.END_LENGTH,
                    "entry " + (entries - 1) + " ends at byte " + end + " of the log"));
        }
    }

    /** The first tile that differs; what differs after it follows from that. */
    private void compareTile(int level, long index, List<TreeHash> computed) throws IOException {
        long known = level == 0
                ? (long) ends.size() * TileBuilder.WIDTH
                : (long) ends.size() >> TileBuilder.HEIGHT * (level - 1);
        int least = (int) Math.min(TileBuilder.WIDTH, known - index * TileBuilder.WIDTH);
        if (tilesDiffer || least <= 0) {
            return;
        }
        try {
            List<TreeHash> found = tiles.read(level, index, least);
            for (int i = 0; i < found.size(); i++) {
                if (i >= computed.size() || !found.get(i).equals(computed.get(i))) {
                    throw new DamagedException(AuditDamage.at(
                            (long) i * TreeHash.BYTES, TileFolder.name(level, index), differing(level, index, i)));
                }
            }
        } catch (DamagedException e) {
            tilesDiffer = true;
            damages.add(e.damage());
        }
    }

    private static String differing(int level, long index, int hash) {
        long each = 1L << TileBuilder.HEIGHT * level;
        long first = (index * TileBuilder.WIDTH + hash) * each;
        return "its hash is not that of "
                + (level == 0 ? "entry " + first : "the entries " + first + " to " + (first + each - 1))
                + " in the log";
    }

    private void compareUnfinished(TileBuilder builder) throws IOException {
        if (!log.intact()) {
            return;
        }
        for (int level = 1; level < builder.unfinished().size(); level++) {
            long full = builder.size() >> TileBuilder.HEIGHT * (level + 1);
            compareTile(level, full, builder.unfinished().get(level));
        }
        long inTiles = (long) ends.size() * TileBuilder.WIDTH;
        if (inTiles > log.entries()) {
            damages.add(missing(TileFolder.ENDS, inTiles));
        }
    }

    private AuditDamage missing(String file, long entries) {
        return new AuditDamage(
                AuditLog.FILE,
                nextLine,
                reached.bytes(),
                "entry " + log.entries() + " and what follows is missing; " + file + " counts " + entries);
    }

    private void compareCheckpoint() {
        if (checkpoint.isEmpty() || !log.intact()) {
            return;
        }
        long size = checkpoint.get().size();
        if (size > log.entries()) {
            damages.add(missing(AuditTrail.CHECKPOINT, size));
        } else if (!isRoot(checkpoint.get())) {
            damages.add(rewritten(0, size, AuditTrail.CHECKPOINT));
        } else if (!tilesDiffer && ends.size() < size / TileBuilder.WIDTH) {
            damages.add(new AuditDamage(
                    TileFolder.ENDS,
                    ends.size() + 1L,
                    (long) ends.size() * TileFolder.END_LENGTH,
                    "the line of tile " + ends.size() + " is missing"));
        }
    }

    private AuditDamage rewritten(long from, long to, String file) {
        return AuditDamage.at(
                0,
                AuditLog.FILE,
                "of the entries " + from + " to " + (to - 1) + " at least one is not the one that " + file
                        + " was signed for");
    }

    private void compare(Outside outside) throws IOException {
        Optional<AuditLocation.Difference> difference;
        try {
            difference = outside.place().compare(folder.resolve(AuditLog.FILE));
        } catch (IOException e) {
            problems.add(AuditTrail.outOfReach(outside.place().name(), e).getMessage());
            return;
        }
        // That the log's end is missing is told once.
        boolean endIsMissing = log.intact() && outside.newest() > log.entries();
        difference
                .filter(found -> !endIsMissing || found.offset() < reached.bytes())
                .ifPresent(found -> {
                    damages.add(located(outside.place().name(), found));
                    if (!found.whole()) {
                        damagedCopies.add(outside);
                    }
                });
        if (!log.intact()) {
            return;
        }
        long held = 0;
        List<Map.Entry<String, Checkpoint>> heads = outside.signed().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList();
        for (Map.Entry<String, Checkpoint> signed : heads) {
            long size = signed.getValue().size();
            if (size > log.entries()) {
                damages.add(missing(signed.getKey(), size));
                return;
            }
            if (!isRoot(signed.getValue())) {
                damages.add(rewritten(held, size, signed.getKey()));
                return;
            }
            held = size;
        }
        // The log goes there before its head.
        if (held > 0 && outside.bytes() < states.get(held).bytes()) {
            damagedCopies.add(outside);
            damages.add(AuditDamage.at(
                    outside.bytes(),
                    outside.place().name() + "/" + AuditLocation.LOG,
                    "the copy lacks what follows of the log, up to byte "
                            + states.get(held).bytes()));
        }
    }

    private boolean isRoot(Checkpoint head) {
        State state = states.get(head.size());
        return state != null && state.root().equals(head.root());
    }

    private AuditDamage located(String location, AuditLocation.Difference found) {
        String piece = location + "/" + found.piece();
        if (!found.whole()) {
            return AuditDamage.at(
                    found.offsetInPiece(), piece, "it is not what was copied, by its checksum and by the log");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(folder.resolve(AuditLog.FILE)))) {
            long line = 1;
            long begin = 0;
            for (long at = 0; at < found.offset(); at++) {
                if (in.read() == '\n') {
                    line++;
                    begin = at + 1;
                }
            }
            return new AuditDamage(
                    AuditLog.FILE, line, begin, "it differs at byte " + found.offset() + " from its copy " + piece);
        } catch (IOException e) {
            return AuditDamage.at(found.offset(), AuditLog.FILE, "it differs from its copy " + piece);
        }
    }
}
