package io.datapunk.lake.encryption;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.crypto.KeyGenerator;

/** A keystore as keytool makes it. */
public final class KeystoreFile {
    public static final String PASSWORD = "correct horse";

    private KeystoreFile() {}

    /** @param bits of each key, which is an AES key */
    public static Path write(Path file, String type, int bits, String... aliases) {
        try {
            KeyStore keys = KeyStore.getInstance(type);
            keys.load(null, null);
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(bits);
            for (String alias : aliases) {
                keys.setKeyEntry(alias, generator.generateKey(), PASSWORD.toCharArray(), null);
            }
            try (OutputStream out = Files.newOutputStream(file)) {
                keys.store(out, PASSWORD.toCharArray());
            }
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
