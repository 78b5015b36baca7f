package io.datapunk.lake.storage;

import io.datapunk.lake.config.ArchiveConfig.LockMode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;

/**
 * S3's Object Lock: until a time nobody removes an object's version, or replaces it. S3A does not know it, so that the request
 * is made for each object after it was written. The bucket has to have Object Lock switched on.
 */
public final class ObjectLock {
    private final LockMode mode;
    private final Instant until;

    public ObjectLock(LockMode mode, Instant until) {
        this.mode = mode;
        this.until = until;
    }

    /**
     * Locks some files of a bucket; does nothing in other stores.
     *
     * @throws IOException where the bucket does not lock
     */
    public void lock(FileSystem store, List<Path> files) throws IOException {
        if (!(store instanceof S3AFileSystem bucket)) {
            return;
        }
        S3Client client = bucket.getS3AInternals().getAmazonS3Client("object lock");
        for (Path file : files) {
            try {
                client.putObjectRetention(request(bucket.getBucket(), bucket.pathToKey(file)));
            } catch (SdkException e) {
                throw new IOException(file + " cannot be locked: " + e.getMessage(), e);
            }
        }
    }

    PutObjectRetentionRequest request(String bucket, String key) {
        return PutObjectRetentionRequest.builder()
                .bucket(bucket)
                .key(key)
                .retention(ObjectLockRetention.builder()
                        .mode(
                                mode == LockMode.COMPLIANCE
                                        ? ObjectLockRetentionMode.COMPLIANCE
                                        : ObjectLockRetentionMode.GOVERNANCE)
                        .retainUntilDate(until)
                        .build())
                .build();
    }
}
