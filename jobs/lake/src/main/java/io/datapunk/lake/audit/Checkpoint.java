package io.datapunk.lake.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A head of the tree, signed: what C2SP tlog-checkpoint calls so, in the form of a C2SP signed-note:
 *
 * <pre>{@code
 * datapunk-lake/0f3a…                     the log's name
 * 4711                                    entries
 * q8o2…=                                  Base64 of the root
 *
 * — datapunk-lake/0f3a… 7Hk…=            Base64 of the key's id (4 bytes) and the Ed25519 signature (64 bytes)
 * }</pre>
 *
 * <p>What is signed are the first three lines with their line feeds. To check one with OpenSSL alone, {@code audit}
 * holding the files {@code checkpoint} and {@code verifier}:
 *
 * <pre>{@code
 * head -n 3 checkpoint > text
 * tail -n 1 checkpoint | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature
 * (printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cut -d + -f 3- verifier | base64 -d | tail -c 32) > key.der
 * openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature
 * }</pre>
 *
 * @param origin name of the log, and of the key that signs for it
 * @param size entries in the tree
 * @param root of the tree, RFC 9162, section 2.1.1
 */
record Checkpoint(String origin, long size, TreeHash root) {
    private static final Pattern TEXT = Pattern.compile("([^\n]+)\n(0|[1-9]\\d{0,17})\n([^\n]+)\n");
    private static final int ID_BYTES = 4;

    /** A note that is not what the key's owner signed. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidException(String message) {
            super(message);
        }
    }

    /** Reads a note and checks its signature, which has to be the only one. */
    static Checkpoint open(byte[] note, NoteVerifier verifier) throws InvalidException {
        String text = new String(note, StandardCharsets.UTF_8);
        int end = text.indexOf("\n\n") + 1;
        Matcher matcher = TEXT.matcher(text.substring(0, end));
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), note) || !matcher.matches()) {
            throw new InvalidException("it is no checkpoint");
        }
        if (!matcher.group(1).equals(verifier.name())) {
            throw new InvalidException(
                    "it is one of the log '" + matcher.group(1) + "' and not of '" + verifier.name() + "'");
        }
        String prefix = "\n— " + verifier.name() + " ";
        String signed = text.substring(end);
        byte[] signature = signed.startsWith(prefix) && signed.endsWith("\n")
                ? NoteVerifier.decodeStrictly(signed.substring(prefix.length(), signed.length() - 1))
                        .orElse(new byte[0])
                : new byte[0];
        if (signature.length <= ID_BYTES || !Arrays.equals(Arrays.copyOf(signature, ID_BYTES), verifier.id())) {
            throw new InvalidException("it is not signed by the key " + verifier);
        }
        byte[] body = text.substring(0, end).getBytes(StandardCharsets.UTF_8);
        if (!verifier.verifies(body, Arrays.copyOfRange(signature, ID_BYTES, signature.length))) {
            throw new InvalidException("its signature is not by the key " + verifier + " over this text");
        }
        byte[] root = NoteVerifier.decodeStrictly(matcher.group(3))
                .filter(hash -> hash.length == TreeHash.BYTES)
                .orElseThrow(() -> new InvalidException("its root is no hash"));
        return new Checkpoint(matcher.group(1), Long.parseLong(matcher.group(2)), TreeHash.ofBytes(root));
    }

    /** The note. */
    byte[] sign(NoteSigner signer) {
        byte[] body = (origin + "\n" + size + "\n" + root.base64() + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] signature = signer.sign(body);
        byte[] id = signer.verifier().id();
        byte[] both = Arrays.copyOf(id, id.length + signature.length);
        System.arraycopy(signature, 0, both, id.length, signature.length);
        String line =
                "\n— " + signer.verifier().name() + " " + Base64.getEncoder().encodeToString(both) + "\n";
        return (new String(body, StandardCharsets.UTF_8) + line).getBytes(StandardCharsets.UTF_8);
    }
}
