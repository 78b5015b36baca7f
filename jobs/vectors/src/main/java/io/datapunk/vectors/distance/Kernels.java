package io.datapunk.vectors.distance;

/** The two that are used. Java may lack the classes that the fast ones are made of: those are loaded only if it has them. */
final class Kernels {
    static final boolean ACCELERATED =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    static final Kernel PRODUCTS = ACCELERATED ? new AcceleratedProducts() : new PlainProducts();
    static final Kernel SQUARED_DISTANCES =
            ACCELERATED ? new AcceleratedSquaredDistances() : new PlainSquaredDistances();

    private Kernels() {}
}
