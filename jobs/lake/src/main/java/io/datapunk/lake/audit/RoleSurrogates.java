package io.datapunk.lake.audit;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What roles of PostgreSQL are called in the log: the lake's and PostgreSQL's own as they are, every other by a surrogate. Its
 * name may be a person's, and what somebody gave for a name may have been his password.
 *
 * <p>A surrogate is {@code role-} and half of an HMAC-SHA256 of the name. Whoever may read its key, {@code
 * keys/audit/role-key}, can tell whose it is: {@code printf %s NAME | openssl dgst -sha256 -mac HMAC -macopt
 * hexkey:$(cat role-key)}. Another key makes other surrogates, and loses nothing else.
 */
public final class RoleSurrogates {
    private static final Set<String> OURS = Set.of("lake_reader", "lake_analyst", "lake_ingest", "lake_admin");

    /** PostgreSQL lets nobody make a role whose name begins so. */
    private static final Pattern PREDEFINED = Pattern.compile("pg_[a-z_]{1,40}");

    private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int SURROGATE_BYTES = 16;

    private final String user;
    private final Path file;
    private byte[] key;

    public RoleSurrogates(LakeConfig config, LakeHome home) {
        this.user = config.postgres().user();
        this.file = home.auditKeys().resolve("role-key");
    }

    /** @throws LakeException where the key cannot be used */
    public String of(String role) {
        if (role.equals(user) || OURS.contains(role) || PREDEFINED.matcher(role).matches()) {
            return role;
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(), ALGORITHM));
            byte[] digest = mac.doFinal(role.getBytes(StandardCharsets.UTF_8));
            return "role-" + HexFormat.of().formatHex(digest, 0, SURROGATE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        } catch (IOException e) {
            throw unusable(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private byte[] key() throws IOException {
        if (key == null) {
            Optional<byte[]> found = AuditTrail.readIfExists(file);
            key = found.isPresent() ? parse(found.get()) : make();
        }
        return key;
    }

    private byte[] parse(byte[] content) {
        String hex = new String(content, StandardCharsets.US_ASCII).strip();
        if (!KEY.matcher(hex).matches()) {
            throw unusable("it is not 64 hexadecimal digits");
        }
        return HexFormat.of().parseHex(hex);
    }

    private LakeException unusable(String reason) {
        return LakeException.failed(
                "roles of PostgreSQL cannot be named in the audit log: " + file + " cannot be used",
                reason,
                "restore the file from a backup of the lake, or remove it: from then on roles have other surrogates");
    }

    private byte[] make() throws IOException {
        byte[] made = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(made);
        Files.createDirectories(file.getParent());
        DurableFile.replaceSecret(file, (HexFormat.of().formatHex(made) + "\n").getBytes(StandardCharsets.US_ASCII));
        return made;
    }
}
