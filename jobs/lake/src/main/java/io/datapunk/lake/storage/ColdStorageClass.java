package io.datapunk.lake.storage;

import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Puts cold files into their storage class on S3. S3A knows one class for all that it writes; here the object's key
 * decides: what lies in a table's {@code cold/} folder is cold, whoever writes it.
 */
public final class ColdStorageClass implements ExecutionInterceptor, Configurable {
    static final String STORAGE_CLASS = "lake.cold.storage-class";

    private static final Pattern COLD = Pattern.compile("(^|.*/)tables/[^/]+/[^/]+/cold/.*");

    private Configuration configuration;

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        SdkRequest request = context.request();
        String storageClass = configuration.getTrimmed(STORAGE_CLASS, "");
        if (storageClass.isEmpty()) {
            return request;
        }
        if (request instanceof PutObjectRequest put && isCold(put.key())) {
            return put.toBuilder().storageClass(storageClass).build();
        }
        if (request instanceof CreateMultipartUploadRequest upload && isCold(upload.key())) {
            return upload.toBuilder().storageClass(storageClass).build();
        }
        if (request instanceof CopyObjectRequest copy && isCold(copy.destinationKey())) {
            return copy.toBuilder().storageClass(storageClass).build();
        }
        return request;
    }

    static boolean isCold(String key) {
        return COLD.matcher(key).matches();
    }

    @Override
    public void setConf(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public Configuration getConf() {
        return configuration;
    }
}
