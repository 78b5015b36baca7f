/** Which restore points stay, and how the others go. */
package io.datapunk.archive.backup.retention;
