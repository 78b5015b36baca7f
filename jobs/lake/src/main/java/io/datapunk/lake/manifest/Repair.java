package io.datapunk.lake.manifest;

/**
 * A repair that loses nothing: what is removed can be made again, what is written was verified.
 *
 * @param file whole, as the store names it
 * @param copy where a verified copy lies; empty: the file is only removed
 */
public record Repair(String file, String copy) {
    static Repair remove(String file) {
        return new Repair(file, "");
    }
}
