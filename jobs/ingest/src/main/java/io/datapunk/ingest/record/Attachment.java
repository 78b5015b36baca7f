package io.datapunk.ingest.record;

/**
 * What came with a message.
 *
 * @param name file name; null where the message gives none
 * @param mediaType as the message declares it
 * @param bytes size after decoding
 * @param sha256 of the decoded bytes, hex
 */
public record Attachment(String name, String mediaType, long bytes, String sha256) {}
