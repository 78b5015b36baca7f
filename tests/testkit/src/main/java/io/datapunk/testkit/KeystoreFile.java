package io.datapunk.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;

/** A keystore of AES keys of 256 bits, as keytool makes it. */
public final class KeystoreFile {
    public static final String PASSWORD = "correct horse";

    private static final String TYPE = "PKCS12";

    private KeystoreFile() {}

    /** Makes a file, with a new key for each alias. */
    public static Path write(Path file, String... aliases) {
        try {
            KeyStore keys = KeyStore.getInstance(TYPE);
            keys.load(null, null);
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(256);
            for (String alias : aliases) {
                SecretKey key = generator.generateKey();
                keys.setKeyEntry(alias, key, PASSWORD.toCharArray(), null);
            }
            store(keys, file);
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes another file of the same keys, without one of them. */
    public static Path without(String alias, Path file, Path target) {
        try {
            KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
            keys.deleteEntry(alias);
            store(keys, target);
            return target;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void store(KeyStore keys, Path file) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            keys.store(out, PASSWORD.toCharArray());
        }
    }
}
