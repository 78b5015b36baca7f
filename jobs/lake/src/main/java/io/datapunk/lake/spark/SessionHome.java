package io.datapunk.lake.spark;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.RuntimeConfig;

/**
 * The lake's home as a Spark session knows it: {@value #KEY} in the session, else {@code LAKE_HOME} in the environment.
 *
 * @param root an absolute path or URI, in the form in which Delta reports the paths of tables
 */
record SessionHome(Path root) {
    static final String KEY = "spark.lake.home";

    /** The home that the session is bound to, empty for a session that has nothing to do with a lake. */
    static Optional<SessionHome> of(RuntimeConfig session) {
        return of(key -> session.get(key, ""), System.getenv("LAKE_HOME"));
    }

    private static Optional<SessionHome> of(Function<String, String> session, String environment) {
        String configured = session.apply(KEY);
        if (!configured.isBlank()) {
            return Optional.of(at(configured));
        }
        return environment == null || environment.isBlank() ? Optional.empty() : Optional.of(at(environment));
    }

    /** A home given as a folder or as a URI. */
    static SessionHome at(String home) {
        Path path = new Path(home);
        URI uri = path.toUri();
        if (uri.getScheme() != null && !uri.getScheme().equals("file")) {
            return new SessionHome(path);
        }
        java.nio.file.Path local = java.nio.file.Path.of(uri.getScheme() == null ? home : uri.getPath())
                .toAbsolutePath()
                .normalize();
        return new SessionHome(new Path(local.toUri()));
    }

    Path table(DatasetName dataset) {
        return new Path(new Path(new Path(root, "tables"), dataset.schema()), dataset.name());
    }

    Path tables() {
        return new Path(root, "tables");
    }

    Path spool() {
        return new Path(root, "access/spool");
    }

    /** Whether the home is a folder of this machine that is there no more. */
    boolean isGone() {
        URI uri = root.toUri();
        return isLocal(uri) && Files.notExists(java.nio.file.Path.of(uri.getPath()));
    }

    /** The dataset whose table lies at this place, empty for a table outside the lake. */
    Optional<DatasetName> datasetAt(Path table) {
        Path schema = table.getParent();
        if (schema == null || schema.getParent() == null || !samePlace(schema.getParent(), tables())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DatasetName(schema.getName(), table.getName()));
        } catch (LakeException notOneOfOurs) {
            return Optional.empty();
        }
    }

    private static boolean samePlace(Path one, Path other) {
        URI left = one.toUri();
        URI right = other.toUri();
        if (isLocal(left) && isLocal(right)) {
            return left.getPath().equals(right.getPath()) || isSameFolder(left.getPath(), right.getPath());
        }
        return one.equals(other);
    }

    private static boolean isLocal(URI uri) {
        return uri.getScheme() == null || uri.getScheme().equals("file");
    }

    private static boolean isSameFolder(String one, String other) {
        try {
            return Files.isSameFile(java.nio.file.Path.of(one), java.nio.file.Path.of(other));
        } catch (IOException missing) {
            return false;
        }
    }
}
