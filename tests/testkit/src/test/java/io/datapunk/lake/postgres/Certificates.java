package io.datapunk.lake.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of a test's own and what it signs, made by the JDK's keytool. */
final class Certificates {
    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final Path store;

    Certificates(Path folder) throws Exception {
        this.folder = folder;
        this.store = folder.resolve("keys.p12");
        keytool("-alias", "ca", "-dname", "CN=Authority", "-ext", "bc:c");
    }

    void sign(String alias, String name, String... extensions) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-alias", alias, "-dname", "CN=" + name, "-signer", "ca"));
        for (String extension : extensions) {
            arguments.addAll(List.of("-ext", extension));
        }
        keytool(arguments.toArray(String[]::new));
    }

    String certificatePem(String alias) throws Exception {
        return pem("CERTIFICATE", keys().getCertificate(alias).getEncoded());
    }

    String keyPem(String alias) throws Exception {
        return pem("PRIVATE KEY", key(alias));
    }

    Path certificateFile(String alias) throws Exception {
        return Files.writeString(folder.resolve(alias + ".crt"), certificatePem(alias));
    }

    Path keyFile(String alias) throws Exception {
        return Files.write(folder.resolve(alias + ".der"), key(alias));
    }

    private byte[] key(String alias) throws GeneralSecurityException, IOException {
        return keys().getKey(alias, PASSWORD.toCharArray()).getEncoded();
    }

    private KeyStore keys() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static String pem(String what, byte[] content) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
    }
}
