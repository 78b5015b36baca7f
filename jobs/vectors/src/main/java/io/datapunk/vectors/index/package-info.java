/**
 * The index of one shard: files in a folder that are written once and mapped into memory. No Spark, no object store: whoever
 * calls copies the folder.
 */
package io.datapunk.vectors.index;
