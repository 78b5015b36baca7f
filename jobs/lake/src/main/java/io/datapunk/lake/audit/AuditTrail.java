package io.datapunk.lake.audit;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.SecretWrapping;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.ProcessLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What can be proven of the {@link AuditLog}: its Merkle tree, the signed heads of it, and the places outside the lake that
 * keep them.
 *
 * <ul>
 *   <li>{@code checkpoint}: the newest signed head, see {@link Checkpoint}, replaced by the next one;
 *   <li>{@code verifier}: one line, the public half of the key that signs, see {@link NoteVerifier};
 *   <li>{@code tile}: the tree's hashes, see {@link TileFolder};
 *   <li>{@code tree.lock}: locked while a process works on these three.
 * </ul>
 *
 * <p>An append touches none of them. A head is signed when a command ends that found the log grown, and by {@code lake
 * archive audit --anchor}; only one that continues the one before is signed. What was appended since the last signed head
 * is protected by the chain and the file {@code head} alone: a command that was killed leaves that much to the next one.
 */
public final class AuditTrail {
    static final String CHECKPOINT = "checkpoint";
    static final String VERIFIER = "verifier";
    private static final String REMEDY = "keep the folder for an inquiry, and compare it with the copies that"
            + " lake.audit.locations names; `lake archive audit --verify` tells all there is";

    private final LakeConfig config;
    private final Path folder;
    private final SigningKeyFile key;

    private AuditTrail(LakeConfig config, LakeHome home) {
        this.config = config;
        this.folder = home.audit();
        this.key = new SigningKeyFile(
                home.auditKeys(), new SecretWrapping(config), config.audit().masterKey());
    }

    public static AuditTrail of(LakeConfig config, LakeHome home) {
        return new AuditTrail(config, home);
    }

    /**
     * A signed head.
     *
     * @param note as {@link Checkpoint} has it
     * @param verifier whose signature it carries
     */
    public record SignedHead(long entries, String root, String note, String verifier) {}

    /**
     * Where a signed head came to.
     *
     * @param head empty where the log has no entry yet
     * @param locations that hold it and the log
     * @param problems one for each location that does not
     */
    public record Anchored(Optional<SignedHead> head, List<String> locations, List<LakeException> problems) {
        /** Verified copies of the log, the log itself among them. */
        public int copies() {
            return 1 + locations.size();
        }
    }

    /**
     * An entry and the proof that it stands in the tree of a signed head.
     *
     * @param entry its payload, as {@link AuditLog} defines it: what is hashed as the leaf
     * @param path the hashes, 64 hex digits each, from the leaf up
     */
    public record InclusionOfEntry(
            long index, String entry, String leafHash, long size, String root, List<String> path, SignedHead head) {}

    /**
     * The proof that the first {@code to} entries begin with the first {@code from}. Whoever kept the signed head of
     * either size compares its root; the newest one comes along.
     */
    public record ConsistencyOfSizes(
            long from, String fromRoot, long to, String toRoot, List<String> path, SignedHead head) {}

    /**
     * How far the log is signed and copied, as the heads say that lie here and there; only {@link #verify} compares them
     * with the log.
     *
     * @param entries that the log has
     * @param head the newest signed one
     * @param copies places that hold all that is signed, the log itself among them
     * @param problems locations that could not be asked
     */
    public record State(
            long entries,
            Optional<SignedHead> head,
            int copies,
            List<AuditReport.Location> locations,
            List<String> problems) {}

    /** Reads heads and lists of files. */
    public State state() {
        return explained("read", () -> {
            Optional<byte[]> note = readIfExists(folder.resolve(CHECKPOINT));
            Optional<SignedHead> head = Optional.empty();
            if (note.isPresent()) {
                NoteVerifier verifier = localVerifier(folder, key);
                head = Optional.of(signedHead(open(note.get(), verifier), note.get(), verifier));
            }
            long signed = head.map(SignedHead::entries).orElse(0L);
            List<AuditReport.Location> locations = new ArrayList<>();
            List<String> problems = new ArrayList<>();
            for (String location : config.audit().locations()) {
                try (AuditLocation place = AuditLocation.open(location, config)) {
                    locations.add(place.state());
                } catch (IOException e) {
                    problems.add(outOfReach(location, e).getMessage());
                }
            }
            int copies = 1
                    + (int) locations.stream()
                            .filter(location -> location.newestEntries() >= signed)
                            .count();
            return new State(
                    AuditHead.read(folder.resolve(AuditLog.HEAD))
                            .map(AuditHead::entries)
                            .orElse(0L),
                    head,
                    copies,
                    locations,
                    problems);
        });
    }

    private static SignedHead signedHead(Checkpoint checkpoint, byte[] note, NoteVerifier verifier) {
        return new SignedHead(
                checkpoint.size(),
                checkpoint.root().toString(),
                new String(note, StandardCharsets.UTF_8),
                verifier.toString());
    }

    /** Whether the log has grown since its head was signed. Reads two small files. */
    public boolean hasGrown() {
        return explained("read", () -> {
            Optional<AuditHead> head = AuditHead.read(folder.resolve(AuditLog.HEAD));
            if (head.isEmpty()) {
                return false;
            }
            Path checkpoint = folder.resolve(CHECKPOINT);
            String size = Files.exists(checkpoint)
                    ? new String(Files.readAllBytes(checkpoint), StandardCharsets.UTF_8)
                            .lines()
                            .skip(1)
                            .findFirst()
                            .orElse("")
                    : "0";
            return !size.equals(Long.toString(head.get().entries()));
        });
    }

    /**
     * Signs the head of the log, where it has one that is not signed yet.
     *
     * @return the newest signed head, empty where the log has no entry
     * @throws LakeException (gate) where the log does not continue what was signed before
     */
    public Optional<SignedHead> sign() {
        return locked("signed", () -> seal().map(Sealed::head));
    }

    /**
     * Signs, and brings head and log to all locations.
     *
     * @throws LakeException as {@link #sign()}
     */
    public Anchored anchor() {
        return locked("signed", () -> {
            Optional<Sealed> sealed = seal();
            List<String> locations = new ArrayList<>();
            List<LakeException> problems = new ArrayList<>();
            if (sealed.isPresent()) {
                for (String location : config.audit().locations()) {
                    try (AuditLocation place = AuditLocation.open(location, config)) {
                        anchor(sealed.get(), place);
                        locations.add(location);
                    } catch (IOException e) {
                        problems.add(outOfReach(location, e));
                    } catch (LakeException e) {
                        problems.add(e);
                    }
                }
            }
            return new Anchored(sealed.map(Sealed::head), locations, problems);
        });
    }

    /**
     * Lets a log that was restored in place of a lost one go on where the places outside have it. Before anything is appended
     * to it: a log that has gone another way cannot be anchored any more.
     *
     * @return one problem for each place that has another past
     * @throws LakeException (gate) where a place is out of reach
     */
    public List<LakeException> goOnFromOutside() {
        return locked("restored", () -> {
            List<LakeException> problems = new ArrayList<>();
            try (ProcessLock lock = ProcessLock.acquire(
                    folder.resolve(AuditLog.LOCK), config.audit().lockTimeout())) {
                for (String location : config.audit().locations()) {
                    try (AuditLocation place = AuditLocation.open(location, config)) {
                        new RestoredLog(folder, key).goOn(place);
                    } catch (DamagedException e) {
                        problems.add(damaged(e.damage()));
                    } catch (IOException e) {
                        throw outOfReach(location, e);
                    }
                }
            }
            return problems;
        });
    }

    /** Proves that an entry stands in the log. */
    public InclusionOfEntry prove(long index) {
        return locked("read", () -> {
            Sealed sealed = requireSealed();
            requireSigned(index, sealed.checkpoint().size() - 1, "entry");
            String[] payload = new String[1];
            AuditTree.read(folder, sealed.at(), index, (entry, line, offset) -> {
                if (entry.sequence() == index) {
                    payload[0] = AuditEntry.payload(line);
                }
            });
            TreeHash leaf = TreeHash.ofLeaf(payload[0].getBytes(StandardCharsets.US_ASCII));
            InclusionProof proof =
                    sealed.tree().proofs().inclusion(index, sealed.checkpoint().size());
            if (!proof.proves(leaf, sealed.checkpoint().root())) {
                throw new DamagedException(AuditDamage.at(
                        0,
                        TileFolder.name(0, index / TileBuilder.WIDTH),
                        "what it says does not prove entry " + index));
            }
            return new InclusionOfEntry(
                    index,
                    payload[0],
                    leaf.toString(),
                    proof.size(),
                    sealed.checkpoint().root().toString(),
                    hex(proof.path()),
                    sealed.head());
        });
    }

    /** Proves that the log of one size continues the log of another. */
    public ConsistencyOfSizes prove(long from, long to) {
        return locked("read", () -> {
            Sealed sealed = requireSealed();
            requireSigned(to, sealed.checkpoint().size(), "size");
            requireSigned(from, to, "size");
            MerkleTree tree = sealed.tree().proofs();
            TreeHash fromRoot = tree.root(from);
            TreeHash toRoot = tree.root(to);
            ConsistencyProof proof = tree.consistency(from, to);
            if (!proof.proves(fromRoot, toRoot)) {
                throw new DamagedException(
                        AuditDamage.at(0, TileFolder.NAME, "what the tiles say does not prove " + from + " to " + to));
            }
            return new ConsistencyOfSizes(
                    from, fromRoot.toString(), to, toRoot.toString(), hex(proof.path()), sealed.head());
        });
    }

    /**
     * Reads everything, here and in all locations.
     *
     * @throws LakeException where the folder cannot be read
     */
    public AuditReport verify() {
        if (!Files.exists(folder) && config.audit().locations().isEmpty()) {
            return AuditReport.EMPTY;
        }
        return locked("read", () -> new AuditInspection(config, folder, key).run());
    }

    /**
     * Reads entries in their order.
     *
     * @param from number of the first one
     * @throws LakeException (gate) where one of them is damaged
     */
    public void read(long from, Consumer<AuditRecord> reader) {
        locked("read", () -> {
            Optional<AuditHead> head = AuditHead.read(folder.resolve(AuditLog.HEAD));
            if (head.isPresent() && from < head.get().entries()) {
                AuditTree.read(folder, head.get(), from, (entry, line, offset) -> reader.accept(AuditRecord.of(entry)));
            }
            return null;
        });
    }

    /**
     * Puts the signing key under the master key that the configuration names, where there is a key.
     *
     * @throws LakeException where the one before or this one cannot be used
     */
    public void protectKey() {
        if (explained("signed", () -> key.verifier().isPresent())) {
            locked("signed", key::open);
        }
    }

    /** A head that was signed, and the tree that it is the head of. */
    private record Sealed(AuditHead at, AuditTree tree, Checkpoint checkpoint, byte[] note, NoteVerifier verifier) {
        private SignedHead head() {
            return signedHead(checkpoint, note, verifier);
        }
    }

    private Optional<Sealed> seal() throws IOException, DamagedException {
        Optional<AuditHead> found = AuditHead.read(folder.resolve(AuditLog.HEAD));
        if (found.isEmpty() && !Files.exists(folder.resolve(CHECKPOINT))) {
            return Optional.empty();
        }
        AuditHead head = found.orElseThrow(
                () -> new DamagedException(new AuditDamage(AuditLog.HEAD, 1, 0, "it is missing or altered")));
        if (head.entries() == 0) {
            return Optional.empty();
        }
        Optional<byte[]> before = readIfExists(folder.resolve(CHECKPOINT));
        AuditTree tree = AuditTree.catchUp(folder, head);
        if (before.isPresent()) {
            NoteVerifier verifier = localVerifier(folder, key);
            Checkpoint old = open(before.get(), verifier);
            requireContinues(old, head, tree, CHECKPOINT);
            if (old.size() == head.entries()) {
                publish(verifier);
                return Optional.of(new Sealed(head, tree, old, before.get(), verifier));
            }
        }
        NoteSigner signer = signer(before.isPresent());
        Checkpoint checkpoint = new Checkpoint(signer.verifier().name(), head.entries(), tree.root());
        byte[] note = checkpoint.sign(signer);
        DurableFile.replace(folder.resolve(CHECKPOINT), note);
        publish(signer.verifier());
        return Optional.of(new Sealed(head, tree, checkpoint, note, signer.verifier()));
    }

    /** After the first signed head: a head that is missing beside it was taken away. */
    private void publish(NoteVerifier verifier) throws IOException {
        Path file = folder.resolve(VERIFIER);
        if (!Files.exists(file)) {
            DurableFile.replace(file, (verifier + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private Sealed requireSealed() throws IOException, DamagedException {
        return seal().orElseThrow(() -> LakeException.usage(
                "there is nothing to prove", "the audit log at " + folder + " has no entry", "prove one when it has"));
    }

    private NoteSigner signer(boolean hasSigned) throws IOException, DamagedException {
        Optional<NoteSigner> found = key.open();
        if (found.isPresent()) {
            NoteVerifier local = localVerifier(folder, key);
            if (!local.equals(found.get().verifier())) {
                throw new DamagedException(
                        new AuditDamage(VERIFIER, 1, 0, "it names another key than " + key + ": " + local));
            }
            return found.get();
        }
        if (hasSigned || Files.exists(folder.resolve(VERIFIER))) {
            throw LakeException.failed(
                    "the audit log cannot be signed any more",
                    "its signing key " + key + " is missing",
                    "restore the file from a backup of the lake, or move " + folder.resolve(CHECKPOINT) + ", "
                            + folder.resolve(VERIFIER) + " and the copies in lake.audit.locations to a safe place and"
                            + " let a new key begin");
        }
        return key.make();
    }

    private void anchor(Sealed sealed, AuditLocation place) throws IOException {
        Optional<AuditLocation.Anchor> newest = place.newest();
        if (newest.isPresent()) {
            String file = place.name() + "/" + newest.get().file();
            try {
                Checkpoint old = Checkpoint.open(newest.get().note(), sealed.verifier());
                requireContinues(old, sealed.at(), sealed.tree(), file);
            } catch (Checkpoint.InvalidException e) {
                throw damaged(AuditDamage.at(0, file, e.getMessage()));
            } catch (DamagedException e) {
                throw damaged(e.damage());
            }
        }
        place.anchor(
                sealed.verifier(),
                folder.resolve(AuditLog.FILE),
                sealed.at().bytes(),
                sealed.checkpoint().size(),
                sealed.note());
    }

    private static void requireContinues(Checkpoint old, AuditHead head, AuditTree tree, String file)
            throws DamagedException {
        if (old.size() > head.entries()) {
            throw new DamagedException(AuditDamage.at(
                    head.bytes(),
                    AuditLog.FILE,
                    "entry " + head.entries() + " and what follows is missing; " + file + " counts " + old.size()));
        }
        if (!tree.proofs().root(old.size()).equals(old.root())) {
            throw new DamagedException(AuditDamage.at(
                    0,
                    AuditLog.FILE,
                    "the first " + old.size() + " entries are not those that " + file + " was signed for"));
        }
    }

    private static Checkpoint open(byte[] note, NoteVerifier verifier) throws DamagedException {
        try {
            return Checkpoint.open(note, verifier);
        } catch (Checkpoint.InvalidException e) {
            throw new DamagedException(AuditDamage.at(0, CHECKPOINT, e.getMessage()));
        }
    }

    /** As the file says; as the key says where a crash has left no file yet. */
    static NoteVerifier localVerifier(Path folder, SigningKeyFile key) throws IOException, DamagedException {
        Optional<byte[]> file = readIfExists(folder.resolve(VERIFIER));
        if (file.isPresent()) {
            String text = new String(file.get(), StandardCharsets.UTF_8);
            return Optional.of(text)
                    .filter(line -> line.endsWith("\n"))
                    .flatMap(line -> NoteVerifier.parse(line.substring(0, line.length() - 1)))
                    .orElseThrow(() -> new DamagedException(new AuditDamage(VERIFIER, 1, 0, "it is altered")));
        }
        return key.verifier()
                .orElseThrow(() -> new DamagedException(
                        new AuditDamage(VERIFIER, 1, 0, "it is missing, and the key " + key + " is too")));
    }

    static Optional<byte[]> readIfExists(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void requireSigned(long value, long most, String what) {
        if (value < 0 || value > most) {
            throw LakeException.usage(
                    "there is no " + what + " " + value + " to prove",
                    what.equals("entry") ? "the log has the entries 0 to " + most : "it has to be from 0 to " + most,
                    "give --prove N for an entry or --prove M..N for two sizes");
        }
    }

    private static List<String> hex(List<TreeHash> path) {
        return path.stream().map(TreeHash::toString).toList();
    }

    static LakeException damaged(AuditDamage damage) {
        return LakeException.gate("the audit log is not what was written", damage.toString(), REMEDY);
    }

    static LakeException outOfReach(String location, IOException e) {
        return LakeException.gate(
                "the audit log's copy in " + location + " can be neither made nor compared",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "mount the folder or reach the bucket, or change lake.audit.locations; then run"
                        + " `lake archive audit --anchor`");
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException, DamagedException;
    }

    private <T> T locked(String participle, Work<T> work) {
        return explained(participle, () -> {
            Files.createDirectories(folder);
            try (ProcessLock lock = ProcessLock.acquire(
                    folder.resolve("tree.lock"), config.audit().lockTimeout())) {
                return work.run();
            }
        });
    }

    private <T> T explained(String participle, Work<T> work) {
        try {
            return work.run();
        } catch (DamagedException e) {
            throw damaged(e.damage());
        } catch (IOException | UncheckedIOException e) {
            throw LakeException.failed(
                    "the audit log at " + folder + " cannot be " + participle,
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make " + folder + " and " + key + " readable and writable, then run the command again",
                    e);
        }
    }
}
