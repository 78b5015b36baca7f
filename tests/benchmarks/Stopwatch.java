/** How long one contender of a benchmark takes. */
final class Stopwatch {
    private Stopwatch() {}

    interface Work {
        void run() throws Exception;
    }

    static double seconds(Work work) throws Exception {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }
}
