package io.datapunk.vectors.shard;

/** What makes two rows the same: an equal id and an equal content. */
public record RowKey(String id, String contentSha256) {}
