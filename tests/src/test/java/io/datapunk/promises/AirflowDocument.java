package io.datapunk.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Compares an OpenAPI document with one that says more. What it has has to be there, of the same type; what is required of a
 * request there has to be sent, and what an answer is relied on to have has to be required there.
 */
record AirflowDocument(JsonNode ours, JsonNode served) {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    /** Of a property that other servers have. */
    private static final String ELSEWHERE = "x-elsewhere";

    /** What differs, each with its place. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        ours.get("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> operation(
                        method.getKey() + " " + path.getKey(),
                        method.getValue(),
                        served.path("paths").path(path.getKey()).path(method.getKey()),
                        differences)));
        return differences;
    }

    private void operation(String place, JsonNode our, JsonNode their, List<String> differences) {
        if (their.isMissingNode()) {
            differences.add(place + " is not there");
            return;
        }
        our.path("parameters").forEach(parameter -> {
            String name =
                    parameter.get("in").asText() + " " + parameter.get("name").asText();
            parameters(their)
                    .filter(any ->
                            (any.get("in").asText() + " " + any.get("name").asText()).equals(name))
                    .findFirst()
                    .ifPresentOrElse(
                            any -> schema(
                                    place + ", " + name, parameter.get("schema"), any.get("schema"), true, differences),
                            () -> differences.add(place + ", " + name + " is not there"));
        });
        parameters(their)
                .filter(parameter -> parameter.path("required").asBoolean())
                .map(parameter -> parameter.get("name").asText())
                .filter(name -> parameters(our)
                        .noneMatch(any -> any.get("name").asText().equals(name)))
                .forEach(name -> differences.add(place + " requires the parameter " + name));
        if (our.has("requestBody")) {
            schema(
                    place + ", request",
                    content(our.get("requestBody")),
                    content(their.path("requestBody")),
                    true,
                    differences);
        }
        our.get("responses")
                .properties()
                .forEach(response -> schema(
                        place + ", answer " + response.getKey(),
                        content(response.getValue()),
                        content(their.path("responses").path(response.getKey())),
                        false,
                        differences));
    }

    private static Stream<JsonNode> parameters(JsonNode operation) {
        return StreamSupport.stream(operation.path("parameters").spliterator(), false);
    }

    private static JsonNode content(JsonNode message) {
        return message.path("content").path("application/json").path("schema");
    }

    private void schema(
            String place, JsonNode ourReference, JsonNode theirReference, boolean sent, List<String> differences) {
        JsonNode our = resolve(ours, ourReference);
        JsonNode their = resolve(served, theirReference);
        if (their.isMissingNode()) {
            differences.add(place + " is not there");
            return;
        }
        boolean nullable = alternatives(their).anyMatch(any -> type(any).equals("null"));
        // A path's parameter may be described without a type: any will do.
        JsonNode same = alternatives(their)
                .filter(any -> !any.has("type") || type(any).equals(type(our)) && format(our, any))
                .findFirst()
                .orElse(null);
        if (same == null) {
            differences.add(place + " is " + their + " and not " + our);
            return;
        }
        boolean ourNullable = our.path("nullable").asBoolean();
        if (sent ? ourNullable && !nullable : nullable && !ourNullable) {
            differences.add(place + (nullable ? " may be null" : " may not be null"));
        }
        if (our.has("items")) {
            schema(place + "[]", our.get("items"), same.path("items"), sent, differences);
        }
        our.path("properties").properties().stream()
                .filter(property -> !property.getValue().path(ELSEWHERE).asBoolean())
                .forEach(property -> schema(
                        place + "." + property.getKey(),
                        property.getValue(),
                        same.path("properties").path(property.getKey()),
                        sent,
                        differences));
        JsonNode mustHave = sent ? same : our;
        JsonNode has = sent ? our : same;
        names(mustHave)
                .filter(name -> names(has).noneMatch(name::equals))
                .forEach(name ->
                        differences.add(place + "." + name + (sent ? " is required there" : " is not always there")));
    }

    private static Stream<String> names(JsonNode schema) {
        return StreamSupport.stream(schema.path("required").spliterator(), false)
                .map(JsonNode::asText);
    }

    private static Stream<JsonNode> alternatives(JsonNode schema) {
        return schema.has("anyOf") ? StreamSupport.stream(schema.get("anyOf").spliterator(), false) : Stream.of(schema);
    }

    private static String type(JsonNode schema) {
        return schema.path("type").asText();
    }

    private static boolean format(JsonNode our, JsonNode their) {
        // "double" says how Java is to read a number.
        return !their.has("format") || their.get("format").equals(our.get("format"));
    }

    /** Without references, at the top and among alternatives. */
    private static JsonNode resolve(JsonNode document, JsonNode schema) {
        if (schema.has("$ref")) {
            return resolve(document, document.at(schema.get("$ref").asText().substring(1)));
        }
        if (!schema.has("anyOf")) {
            return schema;
        }
        ArrayNode alternatives = JsonNodeFactory.instance.arrayNode();
        schema.get("anyOf").forEach(one -> alternatives.add(resolve(document, one)));
        return JsonNodeFactory.instance.objectNode().set("anyOf", alternatives);
    }
}
