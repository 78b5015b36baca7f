package io.datapunk.lake.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where objects lie, what keeps the cold ones safe, where the keys of encrypted ones come from, what is remembered. */
public record StorageConfig(S3 s3, Cold cold, Encryption encryption, Manifest manifest) {
    /**
     * The object store.
     *
     * @param endpoint URL of an S3 service that is not AWS
     * @param region empty: what the AWS environment says
     * @param pathStyleAccess the bucket stands in the path instead of the host name
     * @param accessKey empty: AWS's own provider chain
     * @param secretKey empty: AWS's own provider chain
     * @param partBytes size of the parts in which large objects are sent
     * @param retries how often a request is repeated that the store did not answer or was too busy for
     * @param checksum that is sent along with every object: {@code crc32c}, {@code crc32}, {@code sha256} or {@code none}
     */
    public record S3(
            Optional<String> endpoint,
            Optional<String> region,
            boolean pathStyleAccess,
            Optional<Secret> accessKey,
            Optional<Secret> secretKey,
            long partBytes,
            int retries,
            String checksum) {
        private static final long LEAST_PART = 5L << 20;

        private static S3 read(ConfigReader reader) {
            S3 s3 = new S3(
                    reader.optionalText("endpoint"),
                    reader.optionalText("region"),
                    reader.flag("path-style-access"),
                    reader.secret("access-key"),
                    reader.secret("secret-key"),
                    reader.bytes("part-size", LEAST_PART, 1L << 30),
                    reader.integer("retries", 0, 100),
                    reader.choice("checksum", "crc32c", "crc32", "sha256", "none"));
            s3.endpoint.ifPresent(endpoint -> reader.require(
                    endpoint.startsWith("http://") || endpoint.startsWith("https://"),
                    "endpoint",
                    "a URL, as http://localhost:9000"));
            reader.require(
                    s3.accessKey.isPresent() == s3.secretKey.isPresent(),
                    "access-key-file",
                    "the access key and the secret key together, or neither");
            return s3;
        }
    }

    /**
     * Cold files.
     *
     * @param storageClass S3's name of the class in which they are put; empty: the bucket's own
     * @param copies how many verified copies there have to be, the table's own files among them
     * @param locations folders and {@code s3a://bucket/prefix} to which cold files are copied
     */
    public record Cold(Optional<String> storageClass, int copies, List<String> locations) {
        private static final Set<String> READABLE_AT_ONCE = Set.of(
                "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "REDUCED_REDUNDANCY");
        private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

        public Cold {
            locations = List.copyOf(locations);
        }

        private static Cold read(ConfigReader reader) {
            Cold cold = new Cold(
                    reader.optionalText("storage-class").map(name -> name.toUpperCase(Locale.ROOT)),
                    reader.integer("copies", 1, 16),
                    reader.texts("locations"));
            cold.storageClass.ifPresent(name -> {
                String classes = READABLE_AT_ONCE.stream().sorted().toList().toString();
                reader.require(
                        ARCHIVES.contains(name) || READABLE_AT_ONCE.contains(name),
                        "storage-class",
                        "one of " + classes);
                reader.require(
                        !ARCHIVES.contains(name),
                        "storage-class",
                        "a class whose objects can be read at once, one of " + classes + ": files of a live table that"
                                + " lie in an archive cannot be read until somebody restores them; use GLACIER_IR for"
                                + " the lowest price, and `lake archive` for what is to leave the table");
            });
            for (String location : cold.locations) {
                reader.require(
                        !location.contains("://") || location.matches("s3a://[^/]+(/.*)?"),
                        "locations",
                        "folders and s3a://bucket/prefix; " + location + " is neither");
            }
            reader.require(
                    Set.copyOf(cold.locations).size() == cold.locations.size(),
                    "locations",
                    "each location once: two copies in one place are one");
            return cold;
        }
    }

    /**
     * Where master keys come from: a keystore file, or a key management service.
     *
     * @param keystore file of the type PKCS12 or JCEKS, on each machine in the same place
     * @param keystorePassword of the file and of the keys in it
     * @param keyAge after which a master key is to be replaced
     * @param kmsClient class that implements Parquet's {@code KmsClient}
     * @param kmsInstance what the client is told as its instance
     * @param kmsUrl what the client is told as its address
     * @param kmsToken what the client shows to the service
     */
    public record Encryption(
            Optional<String> keystore,
            Optional<Secret> keystorePassword,
            Duration keyAge,
            Optional<String> kmsClient,
            Optional<String> kmsInstance,
            Optional<String> kmsUrl,
            Optional<Secret> kmsToken) {
        private static Encryption read(ConfigReader reader) {
            Encryption encryption = new Encryption(
                    reader.optionalText("keystore"),
                    reader.secret("keystore-password"),
                    reader.duration("key-age"),
                    reader.optionalText("kms-client"),
                    reader.optionalText("kms-instance"),
                    reader.optionalText("kms-url"),
                    reader.secret("kms-token"));
            reader.require(
                    encryption.keystore.isEmpty() || encryption.kmsClient.isEmpty(),
                    "kms-client",
                    "lake.storage.encryption.keystore to be empty: keys come from one place");
            return encryption;
        }

        /** Whether there is any. */
        public boolean isNamed() {
            return keystore.isPresent() || kmsClient.isPresent();
        }
    }

    /**
     * What the lake remembers of its tables' files.
     *
     * @param hashing whether each new file is read once and hashed
     */
    public record Manifest(boolean hashing) {
        private static Manifest read(ConfigReader reader) {
            return new Manifest(reader.flag("hashing"));
        }
    }

    static StorageConfig read(ConfigReader reader) {
        return new StorageConfig(
                S3.read(reader.at("s3")),
                Cold.read(reader.at("cold")),
                Encryption.read(reader.at("encryption")),
                Manifest.read(reader.at("manifest")));
    }
}
