package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.datapunk.lake.audit.AuditTrail.Anchored;
import io.datapunk.lake.audit.AuditTrail.ConsistencyOfSizes;
import io.datapunk.lake.audit.AuditTrail.InclusionOfEntry;
import io.datapunk.lake.audit.AuditTrail.SignedHead;
import io.datapunk.lake.encryption.KeystoreFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailTest {
    @TempDir
    private Path folder;

    private TestTrail lake;

    @BeforeEach
    void open() {
        lake = new TestTrail(folder.resolve("lake"));
    }

    @Test
    void aLogWithoutAnEntryHasNoHead() {
        assertThat(lake.trail().hasGrown()).isFalse();
        assertThat(lake.trail().sign()).isEmpty();
        assertThat(lake.trail().verify().intact()).isTrue();
    }

    @Test
    void aHeadIsSignedOnceForAllThatWasAppended() throws IOException {
        lake.append(3);
        assertThat(lake.trail().hasGrown()).isTrue();

        SignedHead head = lake.trail().sign().orElseThrow();

        assertThat(head.entries()).isEqualTo(3);
        assertThat(head.root()).isEqualTo(lake.rootOfLog());
        assertThat(lake.file("checkpoint")).hasContent(head.note());
        assertThat(lake.file("verifier")).hasContent(head.verifier() + "\n");
        assertThat(lake.trail().hasGrown()).isFalse();
        assertThat(lake.trail().sign()).contains(head);
        assertThat(head.verifier()).matches("datapunk-lake/[0-9a-f]{16}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{44}");
    }

    @Test
    void theSigningKeyIsItsOwnersAlone() throws IOException {
        lake.append(1);
        lake.trail().sign();

        Path key = lake.home().resolve("keys/audit/signing-key.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(key)).contains("\"seed\"").doesNotContain("wrapped");
    }

    @Test
    void theSigningKeyIsUnderTheMasterKeyInUse() throws IOException {
        Path store = KeystoreFile.write(folder.resolve("keys.p12"), "PKCS12", 256, "one", "two");
        Path password = Files.writeString(folder.resolve("password"), KeystoreFile.PASSWORD + "\n");
        lake.append(1);
        String before = lake.trail().sign().orElseThrow().verifier();
        Path key = lake.home().resolve("keys/audit/signing-key.json");
        for (String masterKey : List.of("one", "two")) {
            TestTrail wrapped = new TestTrail(
                    lake.home(),
                    Map.of(
                            "lake.storage.encryption.keystore", store.toString(),
                            "lake.storage.encryption.keystore-password-file", password.toString(),
                            "lake.audit.master-key", masterKey));

            wrapped.trail().protectKey();

            assertThat(Files.readString(key))
                    .contains("\"master_key\" : \"" + masterKey + "\"", "\"wrapped\"")
                    .doesNotContain("\"seed\"");
            wrapped.append(1);
            assertThat(wrapped.trail().sign().orElseThrow().verifier()).isEqualTo(before);
        }
        lake.append(1);
        assertThatThrownBy(() -> lake.trail().sign())
                .hasMessageContaining("neither a keystore nor a client of a key management service is configured");
    }

    @Test
    void aHomeFromBeforeThereWereSignaturesGetsThem() throws IOException {
        lake.append(600);
        byte[] before = Files.readAllBytes(lake.file("log.ndjson"));

        assertThat(lake.trail().verify().signedEntries()).isZero();
        assertThat(lake.trail().verify().damages()).isEmpty();
        lake.trail().sign();

        assertThat(Files.readAllBytes(lake.file("log.ndjson"))).isEqualTo(before);
        assertThat(lake.trail().verify().signedEntries()).isEqualTo(600);
        assertThat(lake.trail().verify().root()).isEqualTo(lake.rootOfLog());
        assertThat(lake.file("tile/0/000")).hasSize(256 * 32);
        assertThat(lake.file("tile/0/001")).hasSize(256 * 32);
        assertThat(lake.file("tile/0/002")).doesNotExist();
        assertThat(lake.file("tile/1/000")).hasSize(2 * 32);
        assertThat(lake.file("tile/ends")).hasSize(2 * 20);
    }

    @Test
    void theTreeGrowsFromTilesAsFromTheLog() throws IOException {
        for (int entries : List.of(255, 1, 1, 255, 300)) {
            lake.append(entries);
            assertThat(lake.trail().sign().orElseThrow().root()).isEqualTo(lake.rootOfLog());
        }
        assertThat(lake.trail().verify().damages()).isEmpty();
    }

    @Test
    void whatIsInTilesIsNotReadFromTheLogAgain() throws IOException {
        lake.append(600);
        lake.trail().sign();
        // Whoever read these bytes would refuse them.
        byte[] log = Files.readAllBytes(lake.file("log.ndjson"));
        byte[] altered = log.clone();
        altered[10] ^= 1;
        Files.write(lake.file("log.ndjson"), altered);
        lake.append(1);

        assertThat(lake.trail().sign().orElseThrow().entries()).isEqualTo(601);
        assertThat(lake.trail().prove(600).size()).isEqualTo(601);
        assertThat(lake.trail().verify().damages())
                .first()
                .hasToString("log.ndjson, line 1 (byte 0): entry 0 is altered");
    }

    /** What was written is, at each moment, a beginning of this list. */
    @Test
    void aKillBetweenTwoWritesIsMadeUpForByTheNextRun() throws IOException {
        lake.append(600);
        SignedHead head = lake.trail().sign().orElseThrow();
        List<String> written = List.of("tile/0/000", "tile/0/001", "tile/1/000", "tile/ends", "checkpoint", "verifier");

        for (int done = 0; done < written.size(); done++) {
            for (String lost : written.subList(done, written.size())) {
                Files.deleteIfExists(lake.file(lost));
            }
            Files.writeString(lake.file(written.get(done) + ".new"), "half of");

            assertThat(lake.trail().verify().damages())
                    .as("after %s writes", done)
                    .isEmpty();
            assertThat(lake.trail().sign()).contains(head);
            assertThat(lake.trail().verify().damages()).isEmpty();
            written.forEach(name -> assertThat(lake.file(name)).isNotEmptyFile());
        }
    }

    @Test
    void tilesAreMadeAgainFromTheLog() throws IOException {
        lake.append(600);
        SignedHead head = lake.trail().sign().orElseThrow();
        byte[] tile = Files.readAllBytes(lake.file("tile/0/001"));
        byte[] altered = tile.clone();
        altered[33] ^= 1;
        Files.write(lake.file("tile/0/001"), altered);

        assertThat(lake.trail().verify().damages())
                .singleElement()
                .hasToString("tile/0/001, byte 32: its hash is not that of entry 257 in the log");

        FolderTree.delete(lake.file("tile"));
        assertThat(lake.trail().sign()).contains(head);
        lake.append(1);
        assertThat(lake.trail().sign().orElseThrow().root()).isEqualTo(lake.rootOfLog());
        assertThat(lake.file("tile/0/001")).hasBinaryContent(tile);
    }

    /** As a stranger would: from the printed values alone. */
    @Test
    void everyEntryIsProvenToStrangers() throws Exception {
        lake.append(300);
        for (long index : List.of(0L, 1L, 254L, 255L, 256L, 299L)) {
            InclusionOfEntry proof = lake.trail().prove(index);

            NoteVerifier verifier = NoteVerifier.parse(proof.head().verifier()).orElseThrow();
            Checkpoint head = Checkpoint.open(proof.head().note().getBytes(StandardCharsets.UTF_8), verifier);
            assertThat(head.size()).isEqualTo(proof.size()).isEqualTo(300);
            assertThat(head.root()).hasToString(proof.root());
            assertThat(proof.entry()).startsWith("{\"sequence\":" + index + ",").contains("\"subject\":\"s" + index);
            TreeHash leaf = TreeHash.ofLeaf(proof.entry().getBytes(StandardCharsets.US_ASCII));
            assertThat(leaf).hasToString(proof.leafHash());
            assertThat(new InclusionProof(proof.index(), proof.size(), hashes(proof.path())).proves(leaf, head.root()))
                    .isTrue();
        }
    }

    @Test
    void everyContinuationIsProvenToStrangers() {
        lake.append(300);
        String early = lake.trail().sign().orElseThrow().root();
        lake.append(400);

        ConsistencyOfSizes proof = lake.trail().prove(300, 700);

        assertThat(proof.fromRoot()).isEqualTo(early);
        assertThat(proof.toRoot()).isEqualTo(proof.head().root());
        assertThat(new ConsistencyProof(300, 700, hashes(proof.path()))
                        .proves(TreeHash.ofHex(early), TreeHash.ofHex(proof.toRoot())))
                .isTrue();
    }

    @Test
    void whatIsNotThereCannotBeProven() {
        assertThatThrownBy(() -> lake.trail().prove(0)).hasMessageStartingWith("there is nothing to prove");
        lake.append(2);

        LakeException refused =
                catchThrowableOfType(LakeException.class, () -> lake.trail().prove(2));
        assertThat(refused.problem()).isEqualTo("there is no entry 2 to prove");
        assertThat(refused.reason()).isEqualTo("the log has the entries 0 to 1");
        assertThat(refused.kind()).isEqualTo(LakeException.Kind.USAGE);
        assertThatThrownBy(() -> lake.trail().prove(2, 3)).hasMessageStartingWith("there is no size 3 to prove");
        assertThatThrownBy(() -> lake.trail().prove(2, 1)).hasMessageStartingWith("there is no size 2 to prove");
    }

    @Test
    void nothingIsSignedThatDoesNotContinueWhatWasSigned() throws IOException {
        lake.append(5);
        lake.trail().sign();
        lake.rewriteFrom(3);
        lake.append(1);

        LakeException refused =
                catchThrowableOfType(LakeException.class, () -> lake.trail().sign());

        assertThat(refused.kind()).isEqualTo(LakeException.Kind.GATE);
        assertThat(refused.reason())
                .isEqualTo("log.ndjson, byte 0: the first 5 entries are not those that checkpoint was signed for");
    }

    @Test
    void aLostKeyIsNotReplacedInSilence() throws IOException {
        lake.append(1);
        lake.trail().sign();
        Files.delete(lake.home().resolve("keys/audit/signing-key.json"));
        lake.append(1);

        assertThatThrownBy(() -> lake.trail().sign())
                .hasMessageStartingWith("the audit log cannot be signed any more")
                .hasMessageContaining("restore the file from a backup");
        assertThat(lake.trail().verify().damages()).isEmpty();
    }

    @Test
    void headsAndLogGoToEachLocationAndNothingIsWrittenOverThere() throws IOException {
        Path tape = Files.createDirectories(folder.resolve("tape"));
        Path vault = Files.createDirectories(folder.resolve("vault"));
        lake = lake.anchoredAt(tape, vault);
        lake.append(3);
        Anchored first = lake.trail().anchor();
        String old = Files.readString(tape.resolve("audit/checkpoints/0000000000000000003"));
        lake.append(2);
        Anchored second = lake.trail().anchor();

        assertThat(first.copies()).isEqualTo(3);
        assertThat(second.problems()).isEmpty();
        assertThat(tape.resolve("audit/checkpoints/0000000000000000003")).hasContent(old);
        assertThat(tape.resolve("audit/checkpoints/0000000000000000005"))
                .hasContent(second.head().orElseThrow().note());
        assertThat(joined(vault.resolve("audit/log"))).isEqualTo(Files.readString(lake.file("log.ndjson")));
        assertThat(vault.resolve("audit/verifier"))
                .hasContent(second.head().orElseThrow().verifier() + "\n");
        AuditReport report = lake.trail().verify();
        assertThat(report.damages()).isEmpty();
        assertThat(report.copies()).isEqualTo(3);
        assertThat(report.locations())
                .containsExactly(
                        new AuditReport.Location(tape.toString(), 2, 5, Files.size(lake.file("log.ndjson"))),
                        new AuditReport.Location(vault.toString(), 2, 5, Files.size(lake.file("log.ndjson"))));
    }

    @Test
    void aLocationOutOfReachIsToldAndMadeUpForLater() throws IOException {
        Path tape = folder.resolve("tape");
        lake = lake.anchoredAt(tape);
        lake.append(3);

        Anchored without = lake.trail().anchor();
        assertThat(without.copies()).isEqualTo(1);
        assertThat(without.problems()).singleElement().satisfies(problem -> assertThat(problem.problem())
                .isEqualTo("the audit log's copy in " + tape + " can be neither made nor compared"));
        assertThat(lake.trail().verify().problems()).hasSize(1);

        Files.createDirectories(tape);
        lake.append(1);
        assertThat(lake.trail().anchor().copies()).isEqualTo(2);
        assertThat(joined(tape.resolve("audit/log"))).isEqualTo(Files.readString(lake.file("log.ndjson")));
    }

    @Test
    void aCopyThatChangedIsNoCopyAndNotTheLogsFault() throws IOException {
        Path tape = Files.createDirectories(folder.resolve("tape"));
        Path vault = Files.createDirectories(folder.resolve("vault"));
        lake = lake.anchoredAt(tape, vault);
        lake.append(3);
        lake.trail().anchor();
        Path piece = tape.resolve("audit/log/0000000000000000000");
        byte[] copied = Files.readAllBytes(piece);
        copied[300] ^= 1;
        Files.write(piece, copied);
        Files.delete(vault.resolve("audit/log/0000000000000000000"));
        Path head = vault.resolve("audit/checkpoints/0000000000000000003");
        Files.writeString(head, Files.readString(head).replace("\n3\n", "\n4\n"));

        AuditReport report = lake.trail().verify();

        assertThat(report.copies()).isEqualTo(1);
        assertThat(report.damages())
                .extracting(AuditDamage::file, AuditDamage::offset)
                .containsExactlyInAnyOrder(
                        tuple(tape + "/audit/log/0000000000000000000", 300L),
                        tuple(vault + "/audit/checkpoints/0000000000000000003", 0L));
    }

    @Test
    void aCopyThatIsGoneIsToldAndMadeAgain() throws IOException {
        Path tape = Files.createDirectories(folder.resolve("tape"));
        lake = lake.anchoredAt(tape);
        lake.append(3);
        lake.trail().anchor();
        Files.delete(tape.resolve("audit/log/0000000000000000000"));

        assertThat(lake.trail().verify().damages())
                .singleElement()
                .hasToString(tape + "/audit/log, byte 0: the copy lacks what follows of the log, up to byte "
                        + Files.size(lake.file("log.ndjson")));
        lake.trail().anchor();
        assertThat(lake.trail().verify().damages()).isEmpty();
    }

    @Test
    void aCopyThatWasCutShortIsMadeAgain() throws IOException {
        Path tape = Files.createDirectories(folder.resolve("tape"));
        lake = lake.anchoredAt(tape);
        lake.append(3);
        lake.trail().anchor();
        // A crash leaves a file without its checksum.
        lake.append(1);
        String begun = String.format("%019d", Files.size(tape.resolve("audit/log/0000000000000000000")));
        Files.writeString(tape.resolve("audit/log/" + begun), "{\"sequ");
        Files.writeString(tape.resolve("audit/checkpoints/0000000000000000004"), "data");

        lake.trail().anchor();

        assertThat(lake.trail().verify().damages()).isEmpty();
        assertThat(joined(tape.resolve("audit/log"))).isEqualTo(Files.readString(lake.file("log.ndjson")));
    }

    @Test
    void aRollBackOfAllThatTheLakeHasIsFoundFromOutside() throws IOException {
        Path tape = anchoredAfterItWasKept();
        lake.setBack();
        long bytes = Files.size(lake.file("log.ndjson"));

        assertThat(lake.trail().verify().damages())
                .singleElement()
                .hasToString("log.ndjson, line 4 (byte " + bytes + "): entry 3 and what follows is missing; " + tape
                        + "/audit/checkpoints/0000000000000000005 counts 5");
        lake.append(4, "test.other");
        assertThat(lake.trail().anchor().problems())
                .as("nothing of another past is anchored")
                .singleElement()
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(LakeException.Kind.GATE));
    }

    @Test
    void aRestoredLogGoesOnWhereThePlacesOutsideEnd() throws IOException {
        Path unplugged = Files.createDirectories(folder.resolve("unplugged"));
        Path tape = Files.createDirectories(folder.resolve("tape"));
        lake = lake.anchoredAt(unplugged, tape);
        lake.append(300);
        lake.trail().anchor();
        lake.keep();
        lake.anchoredAt(tape).append(260);
        lake.anchoredAt(tape).trail().anchor();
        String lost = Files.readString(lake.file("log.ndjson"));
        lake.setBack();

        assertThat(lake.trail().goOnFromOutside()).isEmpty();

        assertThat(Files.readString(lake.file("log.ndjson"))).isEqualTo(lost);
        lake.append(1, "test.restored");
        assertThat(lake.trail().anchor().problems()).isEmpty();
        assertThat(lake.trail().verify().damages()).isEmpty();
        assertThat(lake.trail().goOnFromOutside())
                .as("there is nothing to take over any more")
                .isEmpty();
        assertThat(Files.readString(lake.file("log.ndjson"))).startsWith(lost).contains("test.restored");
    }

    @Test
    void aRestoredLogDoesNotFollowAnotherPast() throws IOException {
        anchoredAfterItWasKept();
        lake.setBack();
        lake.append(1, "test.other");
        String restored = Files.readString(lake.file("log.ndjson"));

        assertThat(lake.trail().goOnFromOutside())
                .singleElement()
                .extracting(LakeException::getMessage, as(STRING))
                .contains("line 4")
                .contains("entry 3 is not the one that the head names");

        assertThat(Files.readString(lake.file("log.ndjson"))).isEqualTo(restored);
        assertThat(lake.file("log.ndjson.fetched")).doesNotExist();
    }

    /** A log that others can write proves nothing without the signature. */
    @Test
    void aRestoredLogTakesOverNothingThatWasNotSigned() throws IOException {
        Path tape = Files.createDirectories(folder.resolve("tape"));
        lake = lake.anchoredAt(tape);
        lake.append(3);
        lake.trail().anchor();
        FolderTree.delete(tape);
        Files.createDirectories(tape);
        TestTrail stranger = new TestTrail(folder.resolve("stranger")).anchoredAt(tape);
        stranger.append(3);
        stranger.append(2, "test.forged");
        stranger.trail().anchor();

        assertThat(lake.trail().goOnFromOutside())
                .singleElement()
                .extracting(LakeException::getMessage, as(STRING))
                .contains("it is one of the log");

        assertThat(Files.readString(lake.file("log.ndjson"))).doesNotContain("test.forged");
    }

    @Test
    void aRestoredLogTakesOverNoMoreThanWasSigned() throws IOException {
        Path tape = anchoredAfterItWasKept();
        String signed = Files.readString(lake.file("log.ndjson"));
        lake.append(1, "test.appended-by-a-stranger");
        String piece = Files.readString(lake.file("log.ndjson")).substring(signed.length());
        Path forged = tape.resolve(String.format("audit/log/%019d", signed.length()));
        Files.writeString(forged, piece);
        Files.writeString(
                forged.resolveSibling(forged.getFileName() + ".sha256"),
                "0".repeat(64) + "  " + forged.getFileName() + "\n");
        lake.setBack();

        assertThat(lake.trail().goOnFromOutside()).isEmpty();

        assertThat(Files.readString(lake.file("log.ndjson"))).isEqualTo(signed);
        assertThat(lake.trail().verify().damages())
                .as("what lies there beyond is told")
                .singleElement()
                .extracting(AuditDamage::toString, as(STRING))
                .contains(forged.toString());
    }

    @Test
    void aRestoredLogWaitsForAPlaceThatIsOutOfReach() {
        lake = lake.anchoredAt(folder.resolve("unplugged"));
        lake.append(3);

        assertThatThrownBy(() -> lake.trail().goOnFromOutside())
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("unplugged");
    }

    @Test
    void aLogThatWasWrittenAnewWithAKeyOfItsOwnIsFoundFromOutside() throws IOException {
        Path tape = Files.createDirectories(folder.resolve("tape"));
        lake = lake.anchoredAt(tape);
        lake.append(5);
        lake.trail().anchor();
        lake.rewriteFrom(2);
        for (String name : List.of("checkpoint", "verifier")) {
            Files.delete(lake.file(name));
        }
        Files.delete(lake.home().resolve("keys/audit/signing-key.json"));
        lake.trail().sign();

        List<AuditDamage> damages = lake.trail().verify().damages();

        assertThat(damages).extracting(AuditDamage::file).containsExactly("verifier", "log.ndjson", "log.ndjson");
        assertThat(damages.get(1).line()).isEqualTo(3);
        assertThat(damages.get(1).what()).contains("differs at byte").contains(tape + "/audit/log/0");
    }

    @Test
    void entriesAreReadFromANumberOn() {
        lake.append(300);
        List<AuditRecord> read = new ArrayList<>();

        lake.trail().sign();
        lake.trail().read(298, read::add);

        assertThat(read).extracting(AuditRecord::sequence).containsExactly(298L, 299L);
        assertThat(read.get(1).subject()).isEqualTo("s299");
        assertThat(read.get(1).details()).containsExactly(Map.entry("bytes", "1"));
    }

    /** Three entries that {@link TestTrail#setBack} brings back, and two that only the place outside has then. */
    private Path anchoredAfterItWasKept() throws IOException {
        Path tape = Files.createDirectories(folder.resolve("tape"));
        lake = lake.anchoredAt(tape);
        lake.append(3);
        lake.trail().anchor();
        lake.keep();
        lake.append(2);
        lake.trail().anchor();
        return tape;
    }

    private static List<TreeHash> hashes(List<String> path) {
        return path.stream().map(TreeHash::ofHex).toList();
    }

    private static String joined(Path pieces) throws IOException {
        StringBuilder joined = new StringBuilder();
        try (Stream<Path> files = Files.list(pieces)) {
            for (Path piece : files.filter(file -> file.getFileName().toString().matches("\\d{19}"))
                    .sorted()
                    .toList()) {
                joined.append(Files.readString(piece));
            }
        }
        return joined.toString();
    }
}
