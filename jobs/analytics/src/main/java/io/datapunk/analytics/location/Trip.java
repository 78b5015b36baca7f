package io.datapunk.analytics.location;

/**
 * The way from one stay to the next.
 *
 * @param distance along the points, metres
 * @param points between the stays
 */
record Trip(Stay from, Stay to, double distance, long points) {
    long seconds() {
        return (to.startedAt() - from.endedAt()) / 1_000_000;
    }

    double straight() {
        return new Point(0, from.latitude(), from.longitude()).distance(to.latitude(), to.longitude());
    }
}
