package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.UsersTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Finds the surrogates of persons. They are few: Spark would take ten seconds to begin with. */
public final class LakePersons {
    private final LakeHome home;
    private final Configuration store;

    /** @param store how to reach the tables' store */
    public LakePersons(LakeHome home, Configuration store) {
        this.home = home;
        this.store = store;
    }

    /** @throws LakeException (usage) where the lake knows nobody of that name */
    public String surrogate(String name) {
        return find(name).orElseThrow(() -> unknown(name));
    }

    /** What to tell where the lake knows nobody of that name. */
    public static LakeException unknown(String name) {
        return LakeException.usage(
                "the lake has no user '" + name + "'",
                "lake.users has no such name",
                "give the name that `lake ingest --user` was given");
    }

    /** Empty where the lake knows nobody of that name. */
    public Optional<String> find(String name) {
        return users().stream()
                .filter(user -> name.equals(user.get(UsersTable.NAME)))
                .map(user -> (String) user.get(UsersTable.USER_ID))
                .findFirst();
    }

    /** A name or surrogate of somebody whom the lake knows that stands in a text as words of its own, in whatever capitals. */
    public Optional<String> namedIn(String text) {
        return users().stream()
                .flatMap(user -> Stream.of(user.get(UsersTable.NAME), user.get(UsersTable.USER_ID)))
                .map(String.class::cast)
                .filter(word -> Pattern.compile(
                                "(?<![\\p{L}\\p{N}])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}])",
                                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(text)
                        .find())
                .findFirst();
    }

    private List<Map<String, Object>> users() {
        return new KernelReader(home, store).rows(UsersTable.DEFINITION.name());
    }
}
