/** A package's encrypted units: bytes of one person, compressed with zstd and sealed with AES-256-GCM. */
package io.datapunk.archive.segment;
