package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    /** The key and the note that the documentation of golang.org/x/mod/sumdb/note shows. */
    private static final String VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    /** 0x01 and the private half. */
    private static final String SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    private static final String SIGNATURE =
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    private static final String TEXT = "If you think cryptography is the answer to your problem,\n"
            + "then you don't know what your problem is.\n";

    private static final TreeHash ROOT = TreeHash.ofLeaf(new byte[] {1});

    @TempDir
    private Path folder;

    @Test
    void signaturesAreThoseOfTheReference() {
        NoteVerifier verifier = NoteVerifier.parse(VERIFIER).orElseThrow();
        byte[] seed = Arrays.copyOfRange(Base64.getDecoder().decode(SEED), 1, 33);
        byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);

        byte[] signature = NoteSigner.of(verifier, seed).sign(text);

        byte[] expected = Base64.getDecoder().decode(SIGNATURE);
        assertThat(verifier).hasToString(VERIFIER);
        assertThat(verifier.id()).isEqualTo(Arrays.copyOf(expected, 4));
        assertThat(signature).isEqualTo(Arrays.copyOfRange(expected, 4, expected.length));
        assertThat(verifier.verifies(text, signature)).isTrue();
    }

    @Test
    void aNoteIsTheTextAndOneSignature() throws Exception {
        NoteSigner signer = NoteSigner.make("datapunk-lake/00ff");
        byte[] note = new Checkpoint("datapunk-lake/00ff", 4711, ROOT).sign(signer);

        String[] lines = new String(note, StandardCharsets.UTF_8).split("\n", -1);
        assertThat(lines).hasSize(6);
        assertThat(Arrays.copyOf(lines, 4)).containsExactly("datapunk-lake/00ff", "4711", ROOT.base64(), "");
        assertThat(lines[4]).matches("— datapunk-lake/00ff [A-Za-z0-9+/]{91}=");
        assertThat(lines[5]).isEmpty();
        assertThat(Checkpoint.open(note, signer.verifier()))
                .isEqualTo(new Checkpoint("datapunk-lake/00ff", 4711, ROOT));
    }

    @Test
    void everyChangedByteOfANoteAndOfAVerifierIsSeen() {
        NoteSigner signer = NoteSigner.make("datapunk-lake/00ff");
        byte[] note = new Checkpoint("datapunk-lake/00ff", 4711, ROOT).sign(signer);
        byte[] verifier = signer.verifier().toString().getBytes(StandardCharsets.ISO_8859_1);
        for (int bit = 0; bit < 8; bit++) {
            for (int i = 0; i < note.length; i++) {
                byte[] changed = note.clone();
                changed[i] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> Checkpoint.open(changed, signer.verifier()))
                        .as("byte %s of the note", i)
                        .isInstanceOf(Checkpoint.InvalidException.class);
            }
            for (int i = 0; i < verifier.length; i++) {
                byte[] changed = verifier.clone();
                changed[i] ^= (byte) (1 << bit);
                assertThat(NoteVerifier.parse(new String(changed, StandardCharsets.ISO_8859_1)))
                        .as("byte %s of the verifier", i)
                        .isEmpty();
            }
        }
    }

    @Test
    void aNoteOfAnotherKeyOrWithMoreSignaturesIsRefused() {
        NoteSigner signer = NoteSigner.make("datapunk-lake/00ff");
        NoteSigner other = NoteSigner.make("datapunk-lake/00ff");
        Checkpoint checkpoint = new Checkpoint("datapunk-lake/00ff", 1, ROOT);

        assertThatThrownBy(() -> Checkpoint.open(checkpoint.sign(other), signer.verifier()))
                .hasMessage("it is not signed by the key " + signer.verifier());
        assertThatThrownBy(() -> Checkpoint.open(
                        new Checkpoint("another-lake/1", 1, ROOT).sign(NoteSigner.make("another-lake/1")),
                        signer.verifier()))
                .hasMessage("it is one of the log 'another-lake/1' and not of 'datapunk-lake/00ff'");
        byte[] note = checkpoint.sign(signer);
        byte[] twice = (new String(note, StandardCharsets.UTF_8) + "— x AAAAAAAA\n").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Checkpoint.open(twice, signer.verifier()))
                .isInstanceOf(Checkpoint.InvalidException.class);
    }

    /** As the Javadoc of {@link Checkpoint} tells it to strangers. */
    @Test
    void openSslVerifiesASignature() throws Exception {
        Assumptions.assumeTrue(run("openssl version") == 0, "there is no openssl");
        NoteSigner signer = NoteSigner.make("datapunk-lake/00ff");
        Files.write(folder.resolve("checkpoint"), new Checkpoint("datapunk-lake/00ff", 4711, ROOT).sign(signer));
        Files.writeString(folder.resolve("verifier"), signer.verifier() + "\n");
        String check = """
                head -n 3 checkpoint > text
                tail -n 1 checkpoint | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature
                (printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; cut -d + -f 3- verifier | base64 -d | tail -c 32) > key.der
                openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature
                """;

        assertThat(run(check)).isZero();
        Files.writeString(
                folder.resolve("checkpoint"),
                Files.readString(folder.resolve("checkpoint")).replace("4711", "4712"));
        assertThat(run(check)).isNotZero();
    }

    private int run(String script) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start()
                .waitFor();
    }
}
