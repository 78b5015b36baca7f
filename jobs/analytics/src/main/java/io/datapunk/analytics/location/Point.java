package io.datapunk.analytics.location;

/**
 * Where a device was.
 *
 * @param micros since 1970, UTC
 * @param latitude WGS84 degrees
 * @param longitude WGS84 degrees
 */
record Point(long micros, double latitude, double longitude) {
    /** Mean radius of the earth in metres (IUGG). */
    private static final double EARTH = 6_371_008.8;

    /** In metres, along a great circle: the haversine formula. */
    double distance(double otherLatitude, double otherLongitude) {
        double sinLatitude = Math.sin(Math.toRadians(otherLatitude - latitude) / 2);
        double sinLongitude = Math.sin(Math.toRadians(otherLongitude - longitude) / 2);
        double square = sinLatitude * sinLatitude
                + Math.cos(Math.toRadians(latitude))
                        * Math.cos(Math.toRadians(otherLatitude))
                        * sinLongitude
                        * sinLongitude;
        return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(square)));
    }

    double distance(Point other) {
        return distance(other.latitude, other.longitude);
    }
}
