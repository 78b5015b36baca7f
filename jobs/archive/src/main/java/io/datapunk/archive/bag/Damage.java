package io.datapunk.archive.bag;

/**
 * A place where a package is not what was written.
 *
 * @param file in the package
 * @param offset of the first byte of what is damaged; the segment or the file where it cannot be told more exactly
 * @param what for a person
 */
public record Damage(PackageFolder folder, String file, long offset, String what) {
    /** Whether it lies in the payload, so that the tag files can be relied on. */
    public boolean isInPack() {
        return file.startsWith(PackageFolder.DATA + "/");
    }

    @Override
    public String toString() {
        return folder.file(file) + ", byte " + offset + ": " + what;
    }
}
