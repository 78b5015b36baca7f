package io.datapunk.lake.container;

/** Whether an entry is read. */
public enum EntryStatus {
    READABLE,
    /** Left out on purpose and counted: macOS's {@code ._*} companions and {@code __MACOSX}. */
    SKIPPED,
    /** Refused; the entry's reason says why. */
    REJECTED
}
