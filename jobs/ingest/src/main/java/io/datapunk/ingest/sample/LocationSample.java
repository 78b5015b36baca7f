package io.datapunk.ingest.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.SplittableRandom;

/** Places: the raw records, a semantic month, and what a phone exports itself. */
final class LocationSample {
    private final long seed;

    LocationSample(long seed) {
        this.seed = seed;
    }

    private record Point(long latitudeE7, long longitudeE7) {
        String degrees() {
            return String.format(java.util.Locale.ROOT, "%.7f\u00b0, %.7f\u00b0", latitudeE7 / 1e7, longitudeE7 / 1e7);
        }
    }

    /** A walk around Berlin; a function of the number. */
    private Point point(int event) {
        SplittableRandom random = new SplittableRandom(seed * 17 + event * 104_729L);
        double angle = event / 211.0;
        return new Point(
                525_200_000L + (long) (600_000 * Math.sin(angle)) + random.nextInt(3_000),
                134_050_000L + (long) (900_000 * Math.cos(angle * 1.3)) + random.nextInt(3_000));
    }

    /** Records.json: every 1000th point stands twice, and there are three that no parser can accept. */
    SampleManifest.Entry records(OutputStream out, String path, Timeline timeline) throws IOException {
        SampleText text = new SampleText(out);
        long records = 0;
        long repeated = 0;
        text.add("{\n  \"locations\": [");
        for (int event = 0; event < timeline.events(); event++) {
            int times = event % 1000 == 500 ? 2 : 1;
            for (int time = 0; time < times; time++) {
                text.add(records == 0 ? "{" : ", {");
                record(text, event, point(event), Timeline.iso(timeline.at(event)));
                records++;
            }
            repeated += times - 1;
            text.settle();
        }
        text.add(", {");
        record(text, 1, new Point(9_123_456_789L, 134_050_000L), Timeline.iso(timeline.at(1)));
        text.add(", {");
        record(text, 2, point(2), "not a time");
        text.add(", {\n    \"accuracy\": 20,\n    \"source\": \"WIFI\",\n    \"timestamp\": \"")
                .add(Timeline.iso(timeline.at(3)))
                .add("\"\n  }]\n}\n");
        text.flush();
        return new SampleManifest.Entry(path, records + 3, 3, repeated);
    }

    private static void record(SampleText text, int event, Point point, String timestamp) {
        text.add("\n    \"latitudeE7\": ")
                .add(point.latitudeE7())
                .add(",\n    \"longitudeE7\": ")
                .add(point.longitudeE7())
                .add(",\n    \"accuracy\": ")
                .add(5 + event % 40)
                .add(",\n    \"altitude\": ")
                .add(30 + event % 20)
                .add(",\n    \"verticalAccuracy\": 3,");
        if (event % 10 == 0) {
            text.add("\n    \"velocity\": ")
                    .add(event % 9)
                    .add(",\n    \"heading\": ")
                    .add(event % 360)
                    .add(",\n    \"activity\": [{\n      \"activity\": [{\n        \"type\": \"ON_FOOT\",\n")
                    .add("        \"confidence\": 84\n      }],\n      \"timestamp\": \"")
                    .add(timestamp)
                    .add("\"\n    }],");
        }
        text.add("\n    \"source\": \"")
                .add(event % 4 == 0 ? "GPS" : "WIFI")
                .add("\",\n    \"deviceTag\": ")
                .add(event % 2 == 0 ? -1_577_392_405L : 812_004_711L)
                .add(",\n    \"platformType\": \"ANDROID\",\n    \"formFactor\": \"PHONE\",\n    \"timestamp\": \"")
                .add(timestamp)
                .add("\"\n  }");
    }

    /** A semantic month: visits and the ways between them. */
    SampleManifest.Entry semanticMonth(OutputStream out, String path, Instant begin, int days) throws IOException {
        SampleText text = new SampleText(out);
        SampleWords words = new SampleWords(new SplittableRandom(seed ^ begin.toEpochMilli()));
        text.add("{\n  \"timelineObjects\": [");
        int objects = 0;
        for (int day = 0; day < days; day++) {
            Instant morning = begin.plus(Duration.ofDays(day)).plus(Duration.ofHours(6));
            Point home = point(day * 7);
            Point work = point(day * 7 + 3);
            text.add(objects == 0 ? "{" : ", {").add("\n    \"activitySegment\": {\n      \"startLocation\": {\n");
            place(text, home).add("      },\n      \"endLocation\": {\n");
            place(text, work).add("      },\n      \"duration\": {\n");
            span(text, morning, morning.plus(Duration.ofMinutes(25 + day)))
                    .add("      },\n      \"distance\": ")
                    .add(2_100 + day)
                    .add(",\n      \"activityType\": \"CYCLING\",\n      \"confidence\": \"HIGH\"\n    }\n  }, {\n")
                    .add("    \"placeVisit\": {\n      \"location\": {\n");
            place(text, work)
                    .add("        ,\"placeId\": \"Ch")
                    .add(words.token(25))
                    .add("\",\n        \"name\": \"")
                    .json(words.phrase(2))
                    .add("\"\n      },\n      \"duration\": {\n");
            span(text, morning.plus(Duration.ofMinutes(40)), morning.plus(Duration.ofHours(8)))
                    .add("      },\n      \"placeConfidence\": \"HIGH_CONFIDENCE\",\n      \"centerLatE7\": ")
                    .add(work.latitudeE7())
                    .add(",\n      \"centerLngE7\": ")
                    .add(work.longitudeE7())
                    .add("\n    }\n  }");
            objects += 2;
            text.settle();
        }
        text.add("]\n}\n");
        text.flush();
        return new SampleManifest.Entry(path, objects, 0, 0);
    }

    private static SampleText place(SampleText text, Point point) {
        return text.add("        \"latitudeE7\": ")
                .add(point.latitudeE7())
                .add(",\n        \"longitudeE7\": ")
                .add(point.longitudeE7())
                .add("\n");
    }

    private static SampleText span(SampleText text, Instant from, Instant to) {
        return text.add("        \"startTimestamp\": \"")
                .add(Timeline.iso(from))
                .add("\",\n        \"endTimestamp\": \"")
                .add(Timeline.iso(to))
                .add("\"\n");
    }

    /** What an Android phone writes: offsets in the times, degrees in text. */
    SampleManifest.Entry onDevice(OutputStream out, String path, Instant begin, int days) throws IOException {
        SampleText text = new SampleText(out);
        ZoneOffset offset = ZoneOffset.ofHours(2);
        text.add("{\n  \"semanticSegments\": [");
        int segments = 0;
        for (int day = 0; day < days; day++) {
            OffsetDateTime morning = begin.plus(Duration.ofDays(day)).atOffset(offset);
            Point home = point(day * 11 + 1);
            text.add(segments == 0 ? "{" : ", {")
                    .add("\n    \"startTime\": \"")
                    .add(device(morning))
                    .add("\",\n    \"endTime\": \"")
                    .add(device(morning.plusHours(7)))
                    .add("\",\n    \"startTimeTimezoneUtcOffsetMinutes\": 120,\n")
                    .add("    \"endTimeTimezoneUtcOffsetMinutes\": 120,\n    \"visit\": {\n")
                    .add("      \"hierarchyLevel\": 0,\n      \"probability\": 0.81,\n      \"topCandidate\": {\n")
                    .add("        \"placeId\": \"ChIJ0000\",\n        \"semanticType\": \"INFERRED_HOME\",\n")
                    .add("        \"probability\": 0.9,\n        \"placeLocation\": {\"latLng\": \"")
                    .add(home.degrees())
                    .add("\"}\n      }\n    }\n  }, {\n    \"startTime\": \"")
                    .add(device(morning.plusHours(8)))
                    .add("\",\n    \"endTime\": \"")
                    .add(device(morning.plusHours(9)))
                    .add("\",\n    \"timelinePath\": [");
            for (int step = 0; step < 4; step++) {
                text.add(step == 0 ? "" : ", ")
                        .add("{\"point\": \"")
                        .add(point(day * 11 + step).degrees())
                        .add("\", \"time\": \"")
                        .add(device(morning.plusHours(8).plusMinutes(7L * step)))
                        .add("\"}");
            }
            text.add("]\n  }");
            segments += 2;
            text.settle();
        }
        text.add("],\n  \"rawSignals\": [],\n  \"userLocationProfile\": {}\n}\n");
        text.flush();
        return new SampleManifest.Entry(path, segments, 0, 0);
    }

    private static String device(OffsetDateTime time) {
        return java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx")
                .format(time);
    }
}
