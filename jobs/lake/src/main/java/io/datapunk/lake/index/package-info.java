/** What is published of a collection's vector index: immutable shards, and manifests that say which of them count. */
package io.datapunk.lake.index;
