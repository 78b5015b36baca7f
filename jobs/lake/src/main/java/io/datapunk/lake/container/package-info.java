/** Opens what a user hands in: zip, tar, compressed tar, folder or a single file, as an index of entries. */
package io.datapunk.lake.container;
