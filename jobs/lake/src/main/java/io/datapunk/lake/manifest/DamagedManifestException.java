package io.datapunk.lake.manifest;

/** A manifest is not what was written. */
final class DamagedManifestException extends Exception {
    private static final long serialVersionUID = 1;

    private final String file;
    private final long line;

    /** @param line from 1; 0 where it is the file as a whole */
    DamagedManifestException(String file, long line, String what) {
        super(what);
        this.file = file;
        this.line = line;
    }

    /** As {@code manifest/user_data/activity/…ndjson:3}. */
    String place() {
        return line == 0 ? file : file + ":" + line;
    }
}
