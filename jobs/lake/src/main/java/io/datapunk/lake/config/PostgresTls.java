package io.datapunk.lake.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How connections to the operator's own server are protected.
 *
 * @param mode {@code disable}, {@code require}, {@code verify-ca} or {@code verify-full}; empty: what the URL says
 * @param rootCertificate PEM file of the authorities that the server's certificate may come from
 * @param certificate PEM file of the certificate that the lake shows
 * @param key its key as PKCS-8 in DER, without a password
 * @param oldVersion whether TLS 1.2 will do, too
 */
public record PostgresTls(
        Optional<String> mode,
        Optional<String> rootCertificate,
        Optional<String> certificate,
        Optional<String> key,
        boolean oldVersion) {
    private static final String AS_THE_URL = "url";

    static PostgresTls read(ConfigReader reader, boolean embedded) {
        String mode = reader.choice("mode", AS_THE_URL, "disable", "require", "verify-ca", "verify-full");
        PostgresTls tls = new PostgresTls(
                Optional.of(mode).filter(chosen -> !chosen.equals(AS_THE_URL)),
                reader.optionalText("root-certificate-file"),
                reader.optionalText("certificate-file"),
                reader.optionalText("key-file"),
                reader.choice("minimum-version", "1.3", "1.2").equals("1.2"));
        reader.require(
                tls.rootCertificate.isPresent() || !mode.startsWith("verify"),
                "root-certificate-file",
                "the PEM file of the authorities to trust, for mode " + mode + " compares with them",
                "mode");
        reader.require(
                tls.certificate.isPresent() == tls.key.isPresent(),
                tls.key.isPresent() ? "certificate-file" : "key-file",
                "a value, for a certificate and its key belong together");
        reader.require(
                !embedded || tls.mode.isEmpty() && tls.certificate.isEmpty() && tls.rootCertificate.isEmpty(),
                "mode",
                "lake.postgres.url too: the embedded server listens on the loopback address alone");
        tls.rootCertificate.ifPresent(file -> requireFile(reader, "root-certificate-file", file));
        tls.certificate.ifPresent(file -> requireFile(reader, "certificate-file", file));
        tls.key.ifPresent(file -> requireFile(reader, "key-file", file));
        return tls;
    }

    private static void requireFile(ConfigReader reader, String name, String file) {
        reader.require(Files.isReadable(Path.of(file)), name, "a file that exists and that you may read");
    }
}
