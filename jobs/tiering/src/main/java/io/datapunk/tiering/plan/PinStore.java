package io.datapunk.tiering.plan;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/** The tiers that people have chosen for partitions, in a file beside the plans: names and tiers, as JSON. */
public final class PinStore {
    private static final String JOB = "tier-pin";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;
    private final Leases leases;

    public PinStore(LakeHome home) {
        this.file = home.local().resolve("pins.json");
        this.leases = new Leases(home);
    }

    /** @throws LakeException where the file cannot be read: without it a plan would move what a person has pinned */
    public Map<PartitionName, Tier> read() {
        Map<PartitionName, Tier> pins = new TreeMap<>();
        try {
            JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, Tier>>() {})
                    .forEach((name, tier) -> pins.put(PartitionName.parse(name), tier));
            return pins;
        } catch (NoSuchFileException none) {
            return pins;
        } catch (IOException e) {
            throw LakeException.failed(
                    "the pinned partitions cannot be read", e.getMessage(), "correct " + file + ", or remove it", e);
        }
    }

    /** From now on plans take the partition to this tier and leave it there. */
    public void pin(PartitionName partition, Tier tier) {
        change(pins -> pins.put(partition, tier));
    }

    /** From now on the policy decides about the partition again. */
    public void release(PartitionName partition) {
        change(pins -> pins.remove(partition));
    }

    private interface Change {
        void make(Map<PartitionName, Tier> pins);
    }

    private void change(Change change) {
        try (JobLease lease = leases.acquire(JOB)) {
            Map<PartitionName, Tier> pins = read();
            change.make(pins);
            Map<String, Tier> named = new TreeMap<>();
            pins.forEach((partition, tier) -> named.put(partition.toString(), tier));
            Path next = file.resolveSibling("pins." + lease.epoch() + ".new");
            Files.createDirectories(file.getParent());
            Files.write(next, JSON.writeValueAsBytes(named));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the pinned partitions cannot be stored", e.getMessage(), "make " + file + " writable", e);
        }
    }
}
