package io.datapunk.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.List;

/**
 * The one object that {@code --json} prints, its members in this order.
 *
 * @param status {@code done}, {@code failed}, {@code gate} or {@code usage}
 * @param result absent where the command failed
 * @param error absent where it did not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Report(
        String command,
        String status,
        int exitCode,
        Instant startedAt,
        double seconds,
        Object result,
        List<String> warnings,
        Failure error) {
    String toJson() {
        try {
            return JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .addModule(new Jdk8Module())
                    // The members of a record are its result; what it can be asked besides is not.
                    .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
                    .build()
                    .writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the result of " + command + " cannot be written as JSON", e);
        }
    }
}
