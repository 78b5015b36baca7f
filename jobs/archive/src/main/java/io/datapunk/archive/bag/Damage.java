package io.datapunk.archive.bag;

/**
 * A place where a package is not what was written.
 *
 * @param file in the package
 * @param offset of the first byte of what is damaged; the segment or the file where it cannot be told more exactly
 * @param what for a person
 */
public record Damage(PackageFolder folder, String file, long offset, String what) {
    @Override
    public String toString() {
        return folder.file(file) + ", byte " + offset + ": " + what;
    }
}
