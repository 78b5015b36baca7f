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
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.storage.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Whether the keys of encrypted cold files can be had; without them the files are lost, and nothing else tells so. */
final class KeyChecks {
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
