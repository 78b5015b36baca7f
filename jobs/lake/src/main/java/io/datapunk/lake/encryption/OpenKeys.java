package io.datapunk.lake.encryption;

import io.datapunk.lake.model.LakeException;
import java.security.Key;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hadoop.conf.Configuration;

/**
 * Owners' keys, unwrapped, for ten minutes, which is how long Parquet itself keeps them: a service must not be asked
 * for each file, and who loses the right to a key loses it soon.
 */
final class OpenKeys {
    /** Parquet makes a factory for each file, and it alone could hold them otherwise. */
    private static final OpenKeys OF_THIS_PROCESS = new OpenKeys(System::nanoTime);

    private static final long LIFETIME = TimeUnit.MINUTES.toNanos(10);

    private final Map<Source, Opened> opened = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    OpenKeys(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    static OpenKeys ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /** Where a key comes from: sessions with other rights do not share it. */
    private record Source(String keyring, KeyOwner owner, String id, List<String> settings) {}

    private record Opened(Key key, long at) {}

    /** @throws LakeException where it cannot be had */
    Key open(String keyring, KeyOwner owner, String id, Configuration configuration) {
        Source source = new Source(
                keyring,
                owner,
                id,
                Stream.of(
                                KeySettings.KEYSTORE,
                                KeySettings.KEYSTORE_PASSWORD,
                                KeySettings.KMS_CLIENT,
                                KeySettings.KMS_INSTANCE,
                                KeySettings.KMS_URL,
                                KeySettings.KMS_TOKEN)
                        .map(name -> configuration.get(name, ""))
                        .toList());
        long now = nanoTime.getAsLong();
        return opened.compute(
                        source,
                        (any, before) -> before != null && now - before.at < LIFETIME
                                ? before
                                : new Opened(
                                        unwrap(
                                                new Keyring(keyring, configuration),
                                                owner,
                                                id,
                                                MasterKeys.of(configuration)),
                                        now))
                .key;
    }

    static Key unwrap(Keyring keyring, KeyOwner owner, String id, MasterKeys masterKeys) {
        WrappedKey key = keyring.find(owner, id).orElseThrow(() -> keyring.missing(owner, id));
        return new SecretKeySpec(masterKeys.unwrap(key.wrapped(), key.masterKey(), key.toString()), "AES");
    }
}
