package io.datapunk.ingest.framing;

import java.io.IOException;

/** What the readers over a {@link Window} have in common. */
abstract class WindowReader implements FrameReader {
    final Window window;
    private Frame frame;

    WindowReader(Window window) {
        this.window = window;
    }

    /** The next frame, or null at the end. */
    abstract Frame step() throws IOException;

    @Override
    public final boolean next() throws IOException {
        frame = step();
        return frame != null;
    }

    @Override
    public final Frame frame() {
        if (frame == null) {
            throw new IllegalStateException("no frame: next() was not called or gave false");
        }
        return frame;
    }

    @Override
    public final void close() throws IOException {
        window.close();
    }
}
