package io.datapunk.lake.model;

import java.io.Serializable;
import java.util.regex.Pattern;

/** A Delta table's name, {@code schema.name}. Both parts are lower-case identifiers. */
public record DatasetName(String schema, String name) implements Comparable<DatasetName>, Serializable {
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    public DatasetName {
        requireIdentifier("schema", schema);
        requireIdentifier("name", name);
    }

    /**
     * Reads {@code schema.name}.
     *
     * @throws LakeException (usage) where the text has another form
     */
    public static DatasetName parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0 || text.indexOf('.', dot + 1) >= 0) {
            throw LakeException.usage(
                    "'" + text + "' is not a dataset's name",
                    "a dataset is named schema.name",
                    "write it like user_data.activity; `lake tables` lists the datasets");
        }
        return new DatasetName(text.substring(0, dot), text.substring(dot + 1));
    }

    /** Whether a text can be a dataset's schema or name. */
    public static boolean isIdentifier(String text) {
        return IDENTIFIER.matcher(text).matches();
    }

    private static void requireIdentifier(String part, String value) {
        if (!isIdentifier(value)) {
            throw LakeException.usage(
                    "'" + value + "' is not a dataset's " + part,
                    "it has to match " + IDENTIFIER.pattern(),
                    "use lower-case letters, digits and underscores, a letter first, 63 characters at most");
        }
    }

    @Override
    public int compareTo(DatasetName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
