package io.datapunk.ingest.job;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Width and height of an image in pixels, as its header gives them. */
record ImageSize(int width, int height) {
    /**
     * Reads the header.
     *
     * @param first the file's first bytes
     * @return empty where they hold no header of a known image format
     */
    static Optional<ImageSize> of(byte[] first) {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(first))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return Optional.of(new ImageSize(reader.getWidth(0), reader.getHeight(0)));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException notAnImage) {
            // Headers of damaged images fail in many ways; the file is kept, only its size stays unknown
            return Optional.empty();
        }
    }
}
