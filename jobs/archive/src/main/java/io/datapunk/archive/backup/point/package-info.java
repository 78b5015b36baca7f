/** What a restore point says: which objects make which files. */
package io.datapunk.archive.backup.point;
