package io.datapunk.lake.encryption;

import io.datapunk.lake.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.crypto.KeyAccessDeniedException;
import org.apache.parquet.crypto.keytools.KmsClient;

/** A service whose keys follow from their names. Its address names those that there are; its token is {@code let-me-in}. */
public final class InMemoryKms implements KmsClient {
    private List<String> keys;
    private String token;

    @Override
    public void initialize(Configuration configuration, String instance, String url, String accessToken) {
        keys = List.of(url.split(","));
        token = accessToken;
    }

    @Override
    public String wrapKey(byte[] key, String masterKey) {
        return AesGcm.wrap(key, key(masterKey), masterKey);
    }

    @Override
    public byte[] unwrapKey(String wrapped, String masterKey) {
        try {
            return AesGcm.unwrap(wrapped, key(masterKey), masterKey);
        } catch (AEADBadTagException e) {
            throw new KeyAccessDeniedException("another key wrapped it", e);
        }
    }

    private Key key(String name) {
        if (!token.equals("let-me-in")) {
            throw new KeyAccessDeniedException("the token is not accepted");
        }
        if (!keys.contains(name)) {
            throw new KeyAccessDeniedException("there is no key '" + name + "'");
        }
        return new SecretKeySpec(Sha256.digest().digest(name.getBytes(StandardCharsets.UTF_8)), "AES");
    }
}
