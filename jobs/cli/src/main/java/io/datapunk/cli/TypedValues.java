package io.datapunk.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Values by name, as a command line gives them: JSON where they are, text where not. */
record TypedValues(Map<String, Object> byName) {
    private static final int DIGITS = 12;

    TypedValues {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    static TypedValues parse(Map<String, String> texts) {
        Map<String, Object> values = new TreeMap<>();
        texts.forEach((name, text) -> values.put(name, parse(text)));
        return new TypedValues(values);
    }

    private static Object parse(String text) {
        try {
            return json().readValue(text, Object.class);
        } catch (JsonProcessingException notJson) {
            return text;
        }
    }

    /** The same for the same values, in whatever order they were given. */
    String hash() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** As JSON, names in order. */
    @Override
    public String toString() {
        try {
            return json().writeValueAsString(byName);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON cannot be written", e);
        }
    }

    private static JsonMapper json() {
        return JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
    }
}
