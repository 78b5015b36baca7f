package io.datapunk.ingest.format;

/**
 * A place in WGS84 degrees.
 *
 * @param latitude -90 to 90
 * @param longitude -180 to 180
 */
record Coordinates(double latitude, double longitude) {
    private static final double PER_DEGREE = 1e7;
    private static final long UNSIGNED_WRAP = 1L << 32;
    private static final long LATITUDE_LIMIT = 90 * 10_000_000L;
    private static final long LONGITUDE_LIMIT = 180 * 10_000_000L;

    /**
     * From degrees times 10^7. Some exports hold negative values as unsigned 32-bit numbers, which lie beyond the limit.
     *
     * @throws Unusable where the place is not on Earth, or is 0,0, which means that the source does not know it
     */
    static Coordinates ofE7(long latitudeE7, long longitudeE7) throws Unusable {
        long latitude = latitudeE7 > LATITUDE_LIMIT ? latitudeE7 - UNSIGNED_WRAP : latitudeE7;
        long longitude = longitudeE7 > LONGITUDE_LIMIT ? longitudeE7 - UNSIGNED_WRAP : longitudeE7;
        return checked(latitude / PER_DEGREE, longitude / PER_DEGREE);
    }

    /** From degrees. */
    static Coordinates checked(double latitude, double longitude) throws Unusable {
        if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
            throw new Unusable("coordinate-range", "the coordinates are not on Earth");
        }
        if (latitude == 0 && longitude == 0) {
            throw new Unusable("null-island", "the coordinates are 0,0, which means unknown");
        }
        return new Coordinates(latitude, longitude);
    }

    /** From degrees as they stand in a text: {@code 48.8566°, 2.3522°} (Android) or {@code geo:48.8566,2.3522} (iOS). */
    static Coordinates ofText(String field, String text) throws Unusable {
        String plain = text.startsWith("geo:") ? text.substring(4) : text;
        int comma = plain.indexOf(',');
        if (comma < 0) {
            throw Unusable.malformed(field, "a pair of coordinates");
        }
        try {
            return checked(degrees(plain.substring(0, comma)), degrees(plain.substring(comma + 1)));
        } catch (NumberFormatException e) {
            throw Unusable.malformed(field, "a pair of coordinates");
        }
    }

    private static double degrees(String text) {
        String number = text.strip();
        return Double.parseDouble(number.endsWith("°") ? number.substring(0, number.length() - 1) : number);
    }

    /** 10^-7 degrees, rounded: one form for all sources. */
    long latitudeE7() {
        return Math.round(latitude * PER_DEGREE);
    }

    /** 10^-7 degrees, rounded: one form for all sources. */
    long longitudeE7() {
        return Math.round(longitude * PER_DEGREE);
    }
}
