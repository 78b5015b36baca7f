package io.datapunk.lake.config;

import java.util.Optional;

/**
 * The object store.
 *
 * @param endpoint URL of an S3 service that is not AWS
 * @param region empty: what the AWS environment says
 * @param pathStyleAccess the bucket stands in the path instead of the host name
 * @param accessKey empty: AWS's own provider chain
 * @param secretKey empty: AWS's own provider chain
 */
public record StorageConfig(
        Optional<String> endpoint,
        Optional<String> region,
        boolean pathStyleAccess,
        Optional<Secret> accessKey,
        Optional<Secret> secretKey) {
    static StorageConfig read(ConfigReader reader) {
        StorageConfig config = new StorageConfig(
                reader.optionalText("s3.endpoint"),
                reader.optionalText("s3.region"),
                reader.flag("s3.path-style-access"),
                reader.secret("s3.access-key"),
                reader.secret("s3.secret-key"));
        config.endpoint.ifPresent(endpoint -> reader.require(
                endpoint.startsWith("http://") || endpoint.startsWith("https://"),
                "s3.endpoint",
                "a URL, as http://localhost:9000"));
        reader.require(
                config.accessKey.isPresent() == config.secretKey.isPresent(),
                "s3.access-key-file",
                "the access key and the secret key together, or neither");
        return config;
    }
}
