package io.datapunk.cli;

import io.datapunk.cli.Doctor.Check;
import io.datapunk.cli.Doctor.Health;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.encryption.WrappedKey;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.storage.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * Whether the keys of encrypted cold files can be had, without which the files are lost, and whether master keys are older
 * than they are to get; nothing else tells so.
 */
final class KeyChecks {
    /** How long before its age a master key is spoken of. */
    private static final Duration AHEAD = Duration.ofDays(7);

    private final LakeConfig config;
    private final Configuration store;
    private final Keyring keyring;

    KeyChecks(LakeConfig config, LakeHome home) {
        this.config = config;
        this.store = Stores.configuration(config);
        this.keyring = new Keyring(home.keysPath(), store);
    }

    /** @param partitions of the lake's own tables; those of others are asked for */
    List<Check> of(TableLog log, List<PartitionFiles> partitions) {
        List<Check> checks = new ArrayList<>();
        Map<DatasetName, List<DataFile>> cold = new TreeMap<>();
        for (PartitionFiles partition : all(log, partitions, checks)) {
            List<DataFile> files = cold.computeIfAbsent(partition.partition().dataset(), any -> new ArrayList<>());
            partition.files().stream().filter(DataFile::isCold).forEach(files::add);
        }
        cold.forEach((dataset, files) -> checks.addAll(of(dataset, files)));
        return checks;
    }

    /** The master keys that protect something and are to be replaced within a week, or were to be before. */
    List<Check> ages(Instant now) {
        if (config.storage().encryption().keystore().isEmpty()) {
            return List.of();
        }
        Map<String, SortedSet<String>> settings = new TreeMap<>();
        for (WrappedKey key : keyring.keys()) {
            settings.computeIfAbsent(key.masterKey(), any -> new TreeSet<>()).add(setting(key.owner()));
        }
        config.audit().masterKey().ifPresent(name -> settings.computeIfAbsent(name, any -> new TreeSet<>())
                .add("lake.audit.master-key"));
        List<Check> checks = new ArrayList<>();
        try {
            MasterKeys masterKeys = MasterKeys.of(store);
            settings.forEach((masterKey, named) -> masterKeys
                    .madeAt(masterKey)
                    .flatMap(madeAt -> tooOld(masterKey, named, madeAt, now))
                    .ifPresent(checks::add));
        } catch (LakeException e) {
            checks.add(new Check("master keys", Health.BROKEN, e.problem() + ": " + e.reason(), e.remedy()));
        }
        return checks;
    }

    private Optional<Check> tooOld(String masterKey, SortedSet<String> settings, Instant madeAt, Instant now) {
        Duration limit = config.storage().encryption().keyAge();
        Duration age = Duration.between(madeAt, now);
        return age.plus(AHEAD).compareTo(limit) < 0
                ? Optional.empty()
                : Optional.of(new Check(
                        "master key " + masterKey,
                        Health.WARNING,
                        "it is " + age.toDays() + " days old, and is to be replaced after " + limit.toDays(),
                        "make a new one with keytool -genseckey, name it in " + String.join(" and ", settings)
                                + ", and run `lake tier rotate-keys`"));
    }

    /** Where the master key of an owner's keys is named, as {@code lake tier rotate-keys} looks for it. */
    private static String setting(KeyOwner owner) {
        if (owner.equals(KeyOwner.BACKUP)) {
            return "lake.backup.master-key";
        }
        return owner.dataset().isPresent() ? "lake.tiering.cold.master-key" : "lake.archive.master-key";
    }

    private static List<PartitionFiles> all(TableLog log, List<PartitionFiles> ours, List<Check> checks) {
        List<PartitionFiles> partitions = new ArrayList<>(ours);
        for (DatasetName dataset : log.foreignTables()) {
            try {
                log.snapshot(dataset).map(TableSnapshot::partitions).ifPresent(partitions::addAll);
            } catch (LakeException e) {
                checks.add(new Check(
                        dataset.toString(),
                        Health.BROKEN,
                        e.problem() + ": " + e.reason(),
                        "restore it from a backup"));
            }
        }
        return partitions;
    }

    private List<Check> of(DatasetName dataset, List<DataFile> cold) {
        Map<String, Integer> filesByKey = new TreeMap<>();
        cold.forEach(file -> FileTags.key(file).ifPresent(key -> filesByKey.merge(key, 1, Integer::sum)));
        int encrypted = filesByKey.values().stream().mapToInt(Integer::intValue).sum();
        boolean wanted = config.tiering(dataset).cold().encrypted();
        String name = "keys of " + dataset;
        List<Check> checks = new ArrayList<>();
        filesByKey.forEach((key, files) -> {
            try {
                keyring.requireOpens(KeyOwner.of(dataset), key);
            } catch (LakeException e) {
                checks.add(new Check(
                        name,
                        Health.BROKEN,
                        Amounts.of(files, "cold files") + " cannot be read: " + e.problem() + ": " + e.reason(),
                        e.remedy()));
            }
        });
        if (checks.isEmpty() && wanted) {
            probe(dataset, name, checks);
        }
        if (wanted && encrypted < cold.size()) {
            checks.add(new Check(
                    name,
                    Health.WARNING,
                    Amounts.of(cold.size() - encrypted, "cold files") + " went cold before encryption was switched on",
                    "they are encrypted when they go cold again"));
        }
        if (checks.isEmpty() && encrypted > 0) {
            checks.add(new Check(
                    name,
                    Health.OK,
                    Amounts.of(filesByKey.size(), "keys") + " of " + Amounts.of(encrypted, "cold files")
                            + " can be had",
                    ""));
        }
        return checks;
    }

    private void probe(DatasetName dataset, String name, List<Check> checks) {
        try {
            MasterKeys.of(store).probe(config.tiering(dataset).cold().masterKey());
        } catch (LakeException e) {
            checks.add(new Check(name, Health.BROKEN, e.problem() + ": " + e.reason(), e.remedy()));
        }
    }
}
