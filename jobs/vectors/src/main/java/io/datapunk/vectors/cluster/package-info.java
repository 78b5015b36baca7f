/** What belongs together: the clusters of a collection, with words and rows that stand for them, as a table. */
package io.datapunk.vectors.cluster;
