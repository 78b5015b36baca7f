package io.datapunk.vectors.index;

/** What leads to candidates without a look at all rows. */
interface Structure {
    /**
     * The most rows that are better all compared than searched by the structure.
     *
     * @param k, effort see {@link ShardSearcher#search}
     */
    int comparedAtOnce(int k, int effort);

    /** For one thread. */
    CandidateSearch candidates();
}
