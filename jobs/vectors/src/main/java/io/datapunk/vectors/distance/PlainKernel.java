package io.datapunk.vectors.distance;

/** Without vector instructions. Tiles gain nothing there: loads are not what it waits for. */
abstract class PlainKernel extends TiledKernel {
    @Override
    final void tile(float[] a, int aFrom, float[] b, int bFrom, int stride, float[] into, int at, int width) {
        for (int i = 0; i < TILE_ROWS; i++) {
            for (int j = 0; j < TILE_COLUMNS; j++) {
                into[at + i * width + j] = nearness(a, aFrom + i * stride, b, bFrom + j * stride, stride);
            }
        }
    }
}
