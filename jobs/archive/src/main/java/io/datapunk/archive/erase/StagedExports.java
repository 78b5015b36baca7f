package io.datapunk.archive.erase;

import io.datapunk.archive.erase.ErasureReport.Store;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.Person;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What imports have unpacked and not removed yet. Of what was unpacked nobody can tell whose it is, and the next run of an
 * import unpacks again: all of it goes but what an import is at work with, which fails for who is erased.
 */
final class StagedExports {
    private final LakeHome home;
    private final Leases leases;

    StagedExports(LakeHome home, Leases leases) {
        this.home = home;
        this.leases = leases;
    }

    /** Call it while nobody imports for the person or makes packages. */
    void remove(Person person, ErasureReport.Builder report) {
        Set<String> own = new HashSet<>(person.imports());
        own.add(Leases.ARCHIVE);
        for (Path folder : folders()) {
            String name = folder.getFileName().toString();
            if (own.contains(name)) {
                delete(folder, report);
            } else if (name.startsWith(Leases.UNPACKED)) {
                try (JobLease idle = leases.acquire(Leases.unpackedIn(folder))) {
                    delete(folder, report);
                } catch (LakeException inUse) {
                    report.add(Store.STAGING, "staging/" + name, 0, 0, "left to the import that is at work with it");
                }
            }
        }
    }

    private static void delete(Path folder, ErasureReport.Builder report) {
        String name = "staging/" + folder.getFileName();
        try {
            FolderTree.delete(folder);
            report.add(Store.STAGING, name, 0, 0, "removed");
        } catch (IOException e) {
            report.leave(name + " cannot be removed: " + e.getMessage());
        }
    }

    private List<Path> folders() {
        Path staging = home.staging();
        try (Stream<Path> folders = Files.list(staging)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw LakeException.failed(
                    "what imports have unpacked cannot be listed",
                    staging + ": " + e.getMessage(),
                    "make it readable and run the command again",
                    e);
        }
    }
}
