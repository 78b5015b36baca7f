package io.datapunk.ingest.format;

/** Addresses of places that are known by Google's id. */
final class PlaceIds {
    private PlaceIds() {}

    /** Null for null. */
    static String url(String placeId) {
        return placeId == null ? null : "https://www.google.com/maps/place/?q=place_id:" + placeId;
    }
}
