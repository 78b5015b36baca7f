package io.datapunk.tiering.heat;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Tells which partition an object's key belongs to.
 *
 * @param bucket of the lake's home
 * @param tables the prefix of its tables, with a slash at the end
 */
record S3Keys(String bucket, String tables) {
    private static final String COLD = "cold";

    /** The keys of a lake, empty for one that does not lie in S3. */
    static Optional<S3Keys> of(String root) {
        URI uri = URI.create(root);
        if (uri.getScheme() == null || !uri.getScheme().startsWith("s3")) {
            return Optional.empty();
        }
        String prefix = uri.getPath().replaceAll("^/+|/+$", "");
        return Optional.of(new S3Keys(uri.getHost(), (prefix.isEmpty() ? "" : prefix + "/") + "tables/"));
    }

    /** The partition whose rows an object holds; empty for logs, other tables' files and everything else. */
    Optional<PartitionName> partition(String objectBucket, String key) {
        if (!objectBucket.equals(bucket) || !key.startsWith(tables) || !key.endsWith(".parquet")) {
            return Optional.empty();
        }
        List<String> path = List.of(key.substring(tables.length()).split("/"));
        if (path.size() < 3 || path.stream().anyMatch(S3Keys::isHidden)) {
            return Optional.empty();
        }
        List<String> folders = path.subList(2, path.size() - 1);
        if (!folders.isEmpty() && folders.get(0).equals(COLD)) {
            // Behind it lie the category and the year.
            folders = folders.stream().filter(folder -> folder.contains("=")).toList();
        }
        try {
            DatasetName dataset = new DatasetName(path.get(0), path.get(1));
            return folders.isEmpty()
                    ? Optional.of(PartitionName.whole(dataset))
                    : Optional.of(PartitionName.parse(dataset + "/" + folders.get(0)));
        } catch (LakeException notOneOfOurs) {
            return Optional.empty();
        }
    }

    /** Delta's log, change data and what is being written. */
    private static boolean isHidden(String element) {
        return element.startsWith("_") || element.startsWith(".");
    }
}
