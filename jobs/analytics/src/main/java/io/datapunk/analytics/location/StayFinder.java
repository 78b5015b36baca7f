package io.datapunk.analytics.location;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds stays in points that come in the order of time: points that lie within a radius of the first of them, for a while
 * (stay points in Li et al., Mining User Similarity Based on Location History, ACM GIS 2008).
 */
final class StayFinder {
    /**
     * When a person stays.
     *
     * @param radius metres around the first point
     * @param duration from the first point to the last, at least
     * @param silence longer without a point, and nobody knows whether it was one stay
     */
    record Rule(double radius, Duration duration, Duration silence) implements Serializable {
        @Override
        public String toString() {
            return radius + "m," + duration + "," + silence;
        }
    }

    private final Rule rule;
    private final List<Point> around = new ArrayList<>();
    private final List<Stay> stays = new ArrayList<>();
    private final List<Trip> trips = new ArrayList<>();
    private Optional<Stay> before = Optional.empty();
    private Optional<Point> way = Optional.empty();
    private double distance;
    private long pointsOnTheWay;

    StayFinder(Rule rule) {
        this.rule = rule;
    }

    /** @param point no earlier than the one before */
    void add(Point point) {
        while (!around.isEmpty() && !belongs(point)) {
            close();
        }
        around.add(point);
    }

    /** Ends the points: what is open is decided. */
    void end() {
        while (!around.isEmpty()) {
            close();
        }
    }

    /** Those that were found since the last call. */
    List<Stay> takeStays() {
        List<Stay> taken = List.copyOf(stays);
        stays.clear();
        return taken;
    }

    /** Those between stays that were found since the last call. */
    List<Trip> takeTrips() {
        List<Trip> taken = List.copyOf(trips);
        trips.clear();
        return taken;
    }

    private boolean belongs(Point point) {
        return around.get(0).distance(point) <= rule.radius()
                && point.micros() - around.get(around.size() - 1).micros() <= micros(rule.silence());
    }

    /** The points around the first one are a stay, or the first one was on the way. */
    private void close() {
        Point first = around.get(0);
        Point last = around.get(around.size() - 1);
        go(first);
        if (last.micros() - first.micros() < micros(rule.duration())) {
            around.remove(0);
            pointsOnTheWay++;
            return;
        }
        Stay stay = Stay.of(around);
        before.ifPresent(from -> trips.add(new Trip(from, stay, distance, pointsOnTheWay)));
        stays.add(stay);
        before = Optional.of(stay);
        way = Optional.of(last);
        distance = 0;
        pointsOnTheWay = 0;
        around.clear();
    }

    private void go(Point to) {
        distance += way.map(from -> from.distance(to)).orElse(0.0);
        way = Optional.of(to);
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
