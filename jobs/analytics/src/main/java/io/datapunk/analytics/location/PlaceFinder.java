package io.datapunk.analytics.location;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the places of one person's stays: the longest stay is a place, and takes along all stays within a radius of it that
 * belong to no place yet; and so on with what is left.
 */
final class PlaceFinder {
    private final double radius;

    /** @param radius in metres */
    PlaceFinder(double radius) {
        this.radius = radius;
    }

    /** @param number from 1 on, by the time spent there */
    record Place(int number, double latitude, double longitude, long stays, long micros, long firstAt, long lastAt) {
        private Place numbered(int other) {
            return new Place(other, latitude, longitude, stays, micros, firstAt, lastAt);
        }
    }

    List<Place> find(List<Stay> stays) {
        List<Stay> left = new ArrayList<>(stays);
        left.sort(Comparator.comparingLong((Stay stay) -> stay.startedAt() - stay.endedAt())
                .thenComparingLong(Stay::startedAt));
        List<Place> places = new ArrayList<>();
        while (!left.isEmpty()) {
            Stay longest = left.get(0);
            Point middle = new Point(0, longest.latitude(), longest.longitude());
            List<Stay> near = new ArrayList<>();
            List<Stay> far = new ArrayList<>();
            left.forEach(stay -> (middle.distance(stay.latitude(), stay.longitude()) <= radius ? near : far).add(stay));
            places.add(place(near));
            left = far;
        }
        places.sort(Comparator.comparingLong(Place::micros).reversed().thenComparingLong(Place::firstAt));
        List<Place> numbered = new ArrayList<>();
        places.forEach(place -> numbered.add(place.numbered(numbered.size() + 1)));
        return numbered;
    }

    private static Place place(List<Stay> stays) {
        Stay middle = Stay.of(stays.stream()
                .map(stay -> new Point(stay.startedAt(), stay.latitude(), stay.longitude()))
                .toList());
        return new Place(
                0,
                middle.latitude(),
                middle.longitude(),
                stays.size(),
                stays.stream()
                        .mapToLong(stay -> stay.endedAt() - stay.startedAt())
                        .sum(),
                stays.stream().mapToLong(Stay::startedAt).min().orElseThrow(),
                stays.stream().mapToLong(Stay::endedAt).max().orElseThrow());
    }
}
