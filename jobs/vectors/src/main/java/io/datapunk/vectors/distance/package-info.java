/** How near vectors are: exact, in blocks that fit the processor's caches. */
package io.datapunk.vectors.distance;
