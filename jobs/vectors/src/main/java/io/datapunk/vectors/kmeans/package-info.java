/** Groups of vectors that are near each other. */
package io.datapunk.vectors.kmeans;
