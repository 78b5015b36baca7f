package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import java.nio.file.Path;

/** A lake's home in a test's folder. */
final class LocalHome {
    private LocalHome() {}

    static LakeHome under(Path folder) {
        return new LakeHome(folder.toString(), folder);
    }
}
