package io.datapunk.ingest.format;

/** The album that a photo's folder stands for. */
final class PhotoAlbum {
    private PhotoAlbum() {}

    /** The folder's name; null for a folder of a year, for the folder of all photos, and at the root. */
    static String of(String entryPath) {
        String folder = EntryPath.folder(entryPath);
        boolean isAlbum = !folder.isEmpty()
                && Names.STANDARD.liesIn(entryPath, Names.Role.PHOTOS)
                && !Names.STANDARD.liesIn(folder + "/x", Names.Role.PHOTOS)
                && !Names.STANDARD.isYearFolder(folder);
        return isAlbum ? Text.storable(folder) : null;
    }
}
