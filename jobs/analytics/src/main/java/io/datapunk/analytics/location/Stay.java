package io.datapunk.analytics.location;

import java.util.List;

/**
 * A person stayed somewhere.
 *
 * @param startedAt microseconds since 1970, UTC
 * @param endedAt microseconds since 1970, UTC
 * @param latitude middle of the points
 * @param longitude middle of the points
 */
record Stay(long startedAt, long endedAt, double latitude, double longitude, long points) {
    long seconds() {
        return (endedAt - startedAt) / 1_000_000;
    }

    static Stay of(List<Point> points) {
        double latitude = 0;
        double longitude = 0;
        double first = points.get(0).longitude();
        for (Point point : points) {
            latitude += point.latitude();
            // From the first one, the short way round: points on both sides of 180 degrees have their middle there.
            longitude += Math.IEEEremainder(point.longitude() - first, 360);
        }
        return new Stay(
                points.get(0).micros(),
                points.get(points.size() - 1).micros(),
                latitude / points.size(),
                Math.IEEEremainder(first + longitude / points.size(), 360),
                points.size());
    }
}
