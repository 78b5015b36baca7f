package io.datapunk.archive.backup.restore;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.point.StoredTable;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What of which restore point is wanted.
 *
 * @param point empty: the newest
 * @param at the newest that was made by then
 * @param version the newest that has the table at this version of Delta's
 * @param dataset empty: the whole lake
 * @param partition of that dataset; empty: all of it
 */
public record Selection(
        Optional<PointName> point,
        Optional<Instant> at,
        OptionalLong version,
        Optional<DatasetName> dataset,
        Optional<PartitionName> partition) {
    public Selection {
        partition.ifPresent(name -> {
            if (!dataset.equals(Optional.of(name.dataset()))) {
                throw new IllegalArgumentException(name + " is not of " + dataset);
            }
        });
        if (version.isPresent() && dataset.isEmpty()) {
            throw LakeException.usage(
                    "nothing was restored",
                    "--version was given without --dataset",
                    "name the table whose version it is");
        }
    }

    /** The newest point, all of it. */
    public static final Selection NEWEST =
            new Selection(Optional.empty(), Optional.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

    /** A point, or the newest that was made by then. */
    static Selection ofTime(Optional<PointName> point, Optional<Instant> at) {
        return new Selection(point, at, OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    boolean isWhole() {
        return dataset.isEmpty();
    }

    /** For people, and to know the same restore again. */
    String scope() {
        return partition
                .map(name -> " partition " + name)
                .or(() -> dataset.map(name -> " dataset " + name))
                .orElse(" all");
    }

    RestorePoint point(BackupRepository repository) throws IOException {
        List<PointName> points = new java.util.ArrayList<>(repository.points());
        Collections.reverse(points);
        for (PointName name : points) {
            if (point.map(name::equals).orElse(true)
                    && at.map(time -> !name.createdAt().isAfter(time)).orElse(true)) {
                RestorePoint read = repository.read(name);
                if (version.isEmpty() || hasVersion(read)) {
                    return read;
                }
            }
        }
        throw LakeException.usage(
                "there is no such restore point",
                points.isEmpty()
                        ? "there is none at all in " + repository.locations()
                        : "of " + points.size() + " none is it; the newest is " + points.get(0) + ", the oldest "
                                + points.get(points.size() - 1),
                "`lake backup verify` lists them");
    }

    private boolean hasVersion(RestorePoint candidate) {
        return candidate.tables().stream()
                .anyMatch(
                        table -> table.name().equals(dataset.orElseThrow()) && table.version() == version.getAsLong());
    }

    List<StoredTable> tables(RestorePoint chosen) {
        List<StoredTable> wanted = chosen.tables().stream()
                .filter(table -> dataset.isEmpty() || table.name().equals(dataset.get()))
                .toList();
        if (dataset.isPresent() && wanted.isEmpty()) {
            throw LakeException.usage(
                    "there is no table " + dataset.get() + " in the restore point " + chosen.name(),
                    "it has "
                            + chosen.tables().stream().map(StoredTable::dataset).toList(),
                    "name one of these, or another restore point");
        }
        if (partition.isPresent()
                && wanted.get(0).data().stream().noneMatch(file -> file.partition()
                        .equals(partition.get().toString()))) {
            throw LakeException.usage(
                    "there is no partition " + partition.get() + " in the restore point " + chosen.name(),
                    "no file of the table belongs to it",
                    "name another partition, or another restore point");
        }
        return wanted;
    }
}
