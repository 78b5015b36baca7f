package io.datapunk.lake.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A log that was restored from a backup. It lacks what was appended since, which places outside the lake have: it goes on
 * where they end, or nothing of it could be anchored there any more.
 */
final class RestoredLog {
    private final Path folder;
    private final SigningKeyFile key;

    /**
     * @param folder of the log
     * @param key that its heads are signed with
     */
    RestoredLog(Path folder, SigningKeyFile key) {
        this.folder = folder;
        this.key = key;
    }

    /**
     * Takes over what a place has beyond the log's end, up to its newest signed head: what follows that may be anybody's.
     * Nothing changes unless it is one chain that begins with this log.
     *
     * @throws DamagedException where the place has another past
     */
    void goOn(AuditLocation place) throws IOException, DamagedException {
        Optional<AuditLocation.Anchor> newest = place.newest();
        if (newest.isEmpty()) {
            return;
        }
        String file = place.name() + "/" + newest.get().file();
        Checkpoint signed = open(newest.get(), file);
        Path log = folder.resolve(AuditLog.FILE);
        AuditHead end = scan(log, AuditHead.read(folder.resolve(AuditLog.HEAD)).orElse(AuditHead.EMPTY), head -> {});
        if (signed.size() <= end.entries()) {
            return;
        }
        Path fetched = folder.resolve(AuditLog.FILE + ".fetched");
        try {
            place.fetchLog(fetched);
            AuditHead goesTo = signedEnd(fetched, end, signed)
                    .orElseThrow(() -> new DamagedException(AuditDamage.at(
                            0,
                            file,
                            "the log beside it is not the " + signed.size() + " entries that it was signed for")));
            try (FileChannel channel = FileChannel.open(fetched, StandardOpenOption.WRITE)) {
                channel.truncate(goesTo.bytes()).force(true);
            }
            Files.move(fetched, log, StandardCopyOption.ATOMIC_MOVE);
            goesTo.write(folder.resolve(AuditLog.HEAD));
        } finally {
            Files.deleteIfExists(fetched);
        }
    }

    /** Where the entries of a signed head end; empty where they are others. */
    private static Optional<AuditHead> signedEnd(Path log, AuditHead within, Checkpoint signed)
            throws IOException, DamagedException {
        TileBuilder tree = new TileBuilder((level, index, tile) -> {});
        List<AuditHead> found = new ArrayList<>();
        scan(log, within, head -> {
            if (head.entries() <= signed.size()) {
                tree.add(TreeHash.ofHex(head.hash()));
            }
            if (head.entries() == signed.size() && tree.root().equals(signed.root())) {
                found.add(head);
            }
        });
        return found.stream().findFirst();
    }

    private Checkpoint open(AuditLocation.Anchor newest, String file) throws IOException, DamagedException {
        try {
            return Checkpoint.open(newest.note(), AuditTrail.localVerifier(folder, key));
        } catch (Checkpoint.InvalidException e) {
            throw new DamagedException(AuditDamage.at(0, file, e.getMessage()));
        }
    }

    @FunctionalInterface
    private interface Visitor {
        /** @param head how far the log has come with an entry */
        void entry(AuditHead head) throws IOException;
    }

    /**
     * @param within has to stand in the log
     * @return the log's end
     */
    private static AuditHead scan(Path log, AuditHead within, Visitor visitor) throws IOException, DamagedException {
        try (InputStream in = Files.exists(log) ? Files.newInputStream(log) : InputStream.nullInputStream()) {
            AuditScan scan = AuditScan.of(
                    in,
                    within,
                    (entry, line, offset) ->
                            visitor.entry(new AuditHead(entry.sequence() + 1, offset + line.length + 1, entry.hash())));
            if (scan.result().damage().isPresent()) {
                throw new DamagedException(AuditDamage.of(scan.result().damage().get()));
            }
            return scan.reached();
        }
    }
}
