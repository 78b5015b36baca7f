package io.datapunk.ingest.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Photos and their sidecars. Each photo is a small valid JPEG that a comment segment makes unique. */
final class PhotoSample {
    private static final List<String> TEMPLATES = List.of("landscape.jpg", "portrait.jpg", "square.jpg");
    private static final int LONGEST_SIDECAR = 46;

    private static final int MOST_LONG_NAMES = 200;

    private final long seed;
    private final int longNameEvery;
    private final List<byte[]> templates;

    /** @param photos how many there will be */
    PhotoSample(long seed, int photos) throws IOException {
        this.seed = seed;
        // Two of one day would have sidecars of one name
        longNameEvery = Math.max(9, photos / MOST_LONG_NAMES);
        templates = List.of(template(0), template(1), template(2));
    }

    private static byte[] template(int number) throws IOException {
        try (InputStream in = PhotoSample.class.getResourceAsStream(TEMPLATES.get(number))) {
            return in.readAllBytes();
        }
    }

    String fileName(int photo, Instant taken) {
        String stem = DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").format(taken.atOffset(ZoneOffset.UTC));
        // Long names make Takeout cut the sidecar's name
        return (photo % longNameEvery == 4 ? "Ausflug zum großen See am Wochenende " : "IMG_") + stem + ".jpg";
    }

    /** A JPEG: the template, and a comment of up to 24 kB behind its first marker. */
    byte[] jpeg(int photo) {
        byte[] template = templates.get(photo % templates.size());
        SplittableRandom random = new SplittableRandom(seed * 7 + photo * 32_452_843L);
        byte[] comment = new byte[1_000 + random.nextInt(23_000)];
        random.nextBytes(comment);
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream(template.length + comment.length + 4);
        jpeg.write(template, 0, 2);
        int length = comment.length + 2;
        jpeg.write(0xff);
        jpeg.write(0xfe);
        jpeg.write(length >> 8);
        jpeg.write(length & 0xff);
        jpeg.write(comment, 0, comment.length);
        jpeg.write(template, 2, template.length - 2);
        return jpeg.toByteArray();
    }

    /** The sidecar's name: cut to 46 UTF-16 units before ".json". */
    static String sidecarName(String fileName) {
        String whole = fileName + ".supplemental-metadata";
        return whole.substring(0, Math.min(LONGEST_SIDECAR, whole.length())) + ".json";
    }

    byte[] sidecar(int photo, String fileName, Instant taken) {
        SampleWords words = new SampleWords(new SplittableRandom(seed + photo));
        String seconds = String.valueOf(taken.getEpochSecond());
        boolean located = photo % 4 != 0;
        String latitude = located ? String.format(Locale.ROOT, "%.7f", 47.0 + photo % 300 / 100.0) : "0.0";
        String longitude = located ? String.format(Locale.ROOT, "%.7f", 8.0 + photo % 500 / 100.0) : "0.0";
        String people = photo % 5 == 0 ? "\n  \"people\": [{\n    \"name\": \"" + words.person() + "\"\n  }]," : "";
        return """
                {
                  "title": "%s",
                  "description": "%s",
                  "imageViews": "%d",
                  "creationTime": {
                    "timestamp": "%d",
                    "formatted": "upload"
                  },
                  "photoTakenTime": {
                    "timestamp": "%s",
                    "formatted": "taken"
                  },
                  "geoData": {
                    "latitude": %s,
                    "longitude": %s,
                    "altitude": 0.0,
                    "latitudeSpan": 0.0,
                    "longitudeSpan": 0.0
                  },%s
                  "url": "https://photos.example.org/%s",
                  "googlePhotosOrigin": {
                    "mobileUpload": {
                      "deviceType": "ANDROID_PHONE"
                    }
                  }
                }
                """.formatted(
                        fileName,
                        photo % 6 == 0 ? words.phrase(4) : "",
                        photo % 17,
                        taken.getEpochSecond() + 3_600,
                        seconds,
                        latitude,
                        longitude,
                        people,
                        words.token(20))
                .getBytes(StandardCharsets.UTF_8);
    }
}
