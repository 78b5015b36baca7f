/** Where backups lie: encrypted objects, their keys, and the restore points that name them. */
package io.datapunk.archive.backup.repository;
