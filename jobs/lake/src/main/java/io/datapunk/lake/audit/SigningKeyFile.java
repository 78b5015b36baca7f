package io.datapunk.lake.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datapunk.lake.encryption.SecretWrapping;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key that signs the log's heads: {@code keys/audit/signing-key.json}, which its owner alone may read, made at first
 * use. Holds {@code verifier} (as {@link NoteVerifier} has it), and either {@code seed} (Base64 of the private half) or
 * {@code master_key} and {@code wrapped}, where the configuration names a master key. It follows the configuration: a key
 * that lies there otherwise is written anew when it is used next.
 */
final class SigningKeyFile {
    private static final String NAME_PREFIX = "datapunk-lake/";
    private static final int NAME_BYTES = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final SecretWrapping wrapping;
    private final Optional<String> masterKey;

    /** @param masterKey that is to wrap it; empty: none */
    SigningKeyFile(Path folder, SecretWrapping wrapping, Optional<String> masterKey) {
        this.file = folder.resolve("signing-key.json");
        this.wrapping = wrapping;
        this.masterKey = masterKey;
    }

    /** Whose key it is, without opening it; empty where there is none. */
    Optional<NoteVerifier> verifier() throws IOException {
        return read().map(this::verifier);
    }

    /**
     * The key; empty where there is none.
     *
     * @throws LakeException where it cannot be opened
     */
    Optional<NoteSigner> open() throws IOException {
        Optional<JsonNode> content = read();
        if (content.isEmpty()) {
            return Optional.empty();
        }
        NoteVerifier verifier = verifier(content.get());
        String wrappedBy = content.get().path("master_key").asText();
        NoteSigner signer = NoteSigner.of(verifier, seed(content.get(), wrappedBy));
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        if (!verifier.verifies(probe, signer.sign(probe))) {
            throw damaged("its two halves are not of one key");
        }
        if (!wrappedBy.equals(masterKey.orElse(""))) {
            write(signer);
        }
        return Optional.of(signer);
    }

    /** Makes a key, of a new name. */
    NoteSigner make() throws IOException {
        byte[] name = new byte[NAME_BYTES];
        new SecureRandom().nextBytes(name);
        NoteSigner signer = NoteSigner.make(NAME_PREFIX + HexFormat.of().formatHex(name));
        write(signer);
        return signer;
    }

    private void write(NoteSigner signer) throws IOException {
        ObjectNode content =
                JSON.createObjectNode().put("verifier", signer.verifier().toString());
        if (masterKey.isPresent()) {
            content.put("master_key", masterKey.get())
                    .put("wrapped", wrapping.wrap(signer.seed(), masterKey.get(), "that signs the audit log"));
        } else {
            content.put("seed", Base64.getEncoder().encodeToString(signer.seed()));
        }
        Files.createDirectories(file.getParent());
        DurableFile.replaceSecret(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    }

    private Optional<JsonNode> read() throws IOException {
        try {
            return Optional.of(JSON.readTree(Files.readAllBytes(file)));
        } catch (NoSuchFileException noneYet) {
            return Optional.empty();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw damaged("it is no JSON: " + e.getOriginalMessage());
        }
    }

    private NoteVerifier verifier(JsonNode content) {
        return NoteVerifier.parse(content.path("verifier").asText())
                .orElseThrow(() -> damaged("its member 'verifier' is altered"));
    }

    private byte[] seed(JsonNode content, String wrappedBy) {
        if (wrappedBy.isEmpty()) {
            return NoteVerifier.decodeStrictly(content.path("seed").asText())
                    .orElseThrow(() -> damaged("its member 'seed' is altered"));
        }
        return wrapping.unwrap(content.path("wrapped").asText(), wrappedBy, "that signs the audit log");
    }

    private LakeException damaged(String reason) {
        return LakeException.failed(
                "the audit log's signing key " + file + " cannot be used",
                reason,
                "restore the file from a backup of the lake");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
