package io.datapunk.testkit;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One real S3 server (s3proxy, on loopback, in memory) for all tests of a JVM. Tests keep apart by a bucket of their own.
 * It checks signatures, so that keys have to arrive where they belong.
 */
public final class SharedS3 {
    public static final String ACCESS_KEY = "test-access-key";
    public static final String SECRET_KEY = "test-secret-key";
    public static final String REGION = "us-east-1";

    /** Where the build puts the server: see the pom of this module. */
    private static final String JAR = "lake.testkit.s3proxy";

    private static final AtomicInteger BUCKETS = new AtomicInteger();

    private SharedS3() {}

    /** The server itself, without faults. */
    public static URI endpoint() {
        return Holder.ENDPOINT;
    }

    /** A new, empty bucket. */
    public static String bucket() {
        String name = "test-" + ProcessHandle.current().pid() + "-" + BUCKETS.incrementAndGet();
        client().createBucket(bucket -> bucket.bucket(name));
        return name;
    }

    /** A plain client, to look at what the code under test has done. */
    public static S3Client client() {
        return Holder.CLIENT;
    }

    /** Hadoop's settings for a client of this server, or of a proxy in front of it. */
    public static Map<String, String> hadoopSettings(URI endpoint) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fs.s3a.endpoint", endpoint.toString());
        settings.put("fs.s3a.endpoint.region", REGION);
        settings.put("fs.s3a.path.style.access", "true");
        settings.put("fs.s3a.access.key", ACCESS_KEY);
        settings.put("fs.s3a.secret.key", SECRET_KEY);
        return settings;
    }

    /**
     * The server comes with libraries of its own, other versions of the AWS SDK, Jackson and Guava than Spark's: it gets a
     * class loader that sees nothing of ours.
     */
    private static final class Holder {
        private static final Map<String, String> QUIET = Map.of(
                "LOG_LEVEL", "error", "logback.statusListenerClass", "ch.qos.logback.core.status.NopStatusListener");

        static final URI ENDPOINT = start();
        static final S3Client CLIENT = S3Client.builder()
                .endpointOverride(ENDPOINT)
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .build();

        private static URI start() {
            Path jar = Path.of(System.getProperty(JAR, ""));
            if (!Files.isRegularFile(jar)) {
                throw new IllegalStateException(
                        "no S3 server at " + jar.toAbsolutePath() + ": build tests/testkit first");
            }
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            QUIET.forEach(System::setProperty);
            try {
                ClassLoader loader =
                        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
                thread.setContextClassLoader(loader);
                Class<?> builderClass = loader.loadClass("org.gaul.s3proxy.junit.S3ProxyJunitCore$Builder");
                Object builder = builderClass.getConstructor().newInstance();
                builderClass.getMethod("withPort", int.class).invoke(builder, 0);
                builderClass
                        .getMethod("withCredentials", String.class, String.class)
                        .invoke(builder, ACCESS_KEY, SECRET_KEY);
                builderClass.getMethod("withBlobStoreProvider", String.class).invoke(builder, "transient-nio2");
                builderClass.getMethod("ignoreUnknownHeaders").invoke(builder);
                Object server = builderClass.getMethod("build").invoke(builder);
                server.getClass().getMethod("beforeEach").invoke(server);
                return (URI) server.getClass().getMethod("getUri").invoke(server);
            } catch (ReflectiveOperationException | java.net.MalformedURLException failure) {
                throw new IllegalStateException("the S3 server did not start", failure);
            } finally {
                QUIET.keySet().forEach(System::clearProperty);
                thread.setContextClassLoader(before);
            }
        }
    }
}
