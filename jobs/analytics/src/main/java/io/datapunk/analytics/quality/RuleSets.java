package io.datapunk.analytics.quality;

import io.datapunk.analytics.quality.dqdl.DqdlRules;
import io.datapunk.analytics.quality.rule.Rule;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The rules of each dataset: those that come with the lake, and an owner's own in their place. */
public final class RuleSets {
    private static final String EXTENSION = ".dqdl";

    private RuleSets() {}

    /**
     * Reads all rules.
     *
     * @param folder with the owner's own, a file {@code schema.name.dqdl} for each dataset; it stands in place of what comes
     *     with the lake
     * @throws LakeException (usage) where one cannot be read, or is wrong
     */
    public static SortedMap<DatasetName, List<Rule>> read(Optional<String> folder, Instant now) {
        SortedMap<DatasetName, List<Rule>> rules = new TreeMap<>();
        LakeTables.all().stream().map(TableDefinition::name).forEach(dataset -> bundled(dataset)
                .ifPresent(text -> rules.put(dataset, DqdlRules.parse(dataset + EXTENSION, text, now))));
        folder.ifPresent(name -> own(Path.of(name), now, rules));
        return rules;
    }

    private static Optional<String> bundled(DatasetName dataset) {
        try (InputStream file = RuleSets.class.getResourceAsStream(dataset + EXTENSION)) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void own(Path folder, Instant now, SortedMap<DatasetName, List<Rule>> rules) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(any -> any.toString().endsWith(EXTENSION))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString();
                DatasetName dataset = DatasetName.parse(name.substring(0, name.length() - EXTENSION.length()));
                rules.put(dataset, DqdlRules.parse(file.toString(), Files.readString(file), now));
            }
        } catch (IOException e) {
            throw LakeException.usage(
                    "rules of quality cannot be read from " + folder,
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "set lake.analytics.quality.rules to a folder of files like user_data.activity.dqdl, or leave it empty");
        }
    }
}
