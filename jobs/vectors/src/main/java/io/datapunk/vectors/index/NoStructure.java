package io.datapunk.vectors.index;

/** Everything is compared. */
final class NoStructure implements Structure {
    @Override
    public int comparedAtOnce(int k, int effort) {
        return Integer.MAX_VALUE;
    }

    @Override
    public CandidateSearch candidates() {
        return (query, k, effort, accepted, found) -> {
            throw new IllegalStateException("There is nothing that could be searched");
        };
    }
}
