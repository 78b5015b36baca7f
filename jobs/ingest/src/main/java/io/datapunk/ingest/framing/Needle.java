package io.datapunk.ingest.framing;

import java.util.Arrays;

/** Horspool's search for a short sequence of bytes: it looks at about one byte in each length of the sequence. */
final class Needle {
    private final byte[] bytes;
    private final int[] shift = new int[256];

    Needle(byte[] bytes) {
        this.bytes = bytes.clone();
        Arrays.fill(shift, bytes.length);
        for (int i = 0; i < bytes.length - 1; i++) {
            shift[bytes[i] & 0xff] = bytes.length - 1 - i;
        }
    }

    int length() {
        return bytes.length;
    }

    /** Index of the first occurrence that lies whole between {@code from} and {@code to}, or -1. */
    int find(byte[] buffer, int from, int to) {
        int last = bytes.length - 1;
        byte end = bytes[last];
        int index = from + last;
        while (index < to) {
            byte b = buffer[index];
            if (b == end && Bytes.startsWith(buffer, index - last, to, bytes)) {
                return index - last;
            }
            index += shift[b & 0xff];
        }
        return -1;
    }
}
