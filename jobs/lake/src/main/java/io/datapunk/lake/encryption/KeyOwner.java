package io.datapunk.lake.encryption;

import io.datapunk.lake.model.DatasetName;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whose bytes a key protects: a dataset's cold files, or what the archive holds of one person. Destroying a person's keys
 * makes all of that unreadable, wherever it lies.
 *
 * @param name as the owner's folder in the keyring is called: {@code schema.name}, {@code person-<user id>}, or
 *     {@code lake}
 */
public record KeyOwner(String name) implements Comparable<KeyOwner> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}");
    private static final String PERSON = "person-";

    /** Of what is archived and belongs to no person. */
    public static final KeyOwner LAKE = new KeyOwner("lake");

    /** Of backups: it wraps the key of each of their objects. */
    public static final KeyOwner BACKUP = new KeyOwner("backup");

    public KeyOwner {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a folder: " + NAME.pattern());
        }
    }

    public static KeyOwner of(DatasetName dataset) {
        return new KeyOwner(dataset.toString());
    }

    /** @param userId the surrogate, as {@code lake.users} has it */
    public static KeyOwner person(String userId) {
        return new KeyOwner(PERSON + userId);
    }

    /** The dataset whose cold files it protects; empty for what the archive holds. */
    public Optional<DatasetName> dataset() {
        return name.contains(".") && !name.startsWith(PERSON) ? Optional.of(DatasetName.parse(name)) : Optional.empty();
    }

    /** The surrogate of the person whose it is; empty where it is no person's. */
    public Optional<String> person() {
        return name.startsWith(PERSON) ? Optional.of(name.substring(PERSON.length())) : Optional.empty();
    }

    static boolean isName(String folder) {
        return NAME.matcher(folder).matches();
    }

    @Override
    public int compareTo(KeyOwner other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
