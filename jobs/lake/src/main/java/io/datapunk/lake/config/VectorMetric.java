package io.datapunk.lake.config;

/** How near two vectors are. Its scores rise with nearness, so that all metrics are compared in one way. */
public enum VectorMetric {
    /** The cosine of the angle, −1 to 1. */
    COSINE,
    /** Minus the distance, 0 at most. */
    EUCLIDEAN,
    /** The dot product. */
    DOT
}
