/**
 * Keys of encrypted cold files. A master key, which never leaves its keystore or service, wraps each dataset's key; that
 * one wraps the key of each file, which stands in the file's own footer. Changing the master key so rewrites a few small
 * records, and no file.
 */
package io.datapunk.lake.encryption;
