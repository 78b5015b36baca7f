package io.datapunk.lake.model;

import java.util.List;

/** What the Delta log alone says of a partition's files. */
public enum FileTier {
    WARM,
    COLD,
    /** Some files are cold: something outside of the lake wrote into a cold partition. */
    MIXED;

    /** The folder under a table's root that holds cold files; a path under it is the definition of cold. */
    public static final String COLD_FOLDER = "cold/";

    static FileTier of(List<DataFile> files) {
        long cold = files.stream().filter(DataFile::isCold).count();
        if (cold == 0) {
            return WARM;
        }
        return cold == files.size() ? COLD : MIXED;
    }
}
