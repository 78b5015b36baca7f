/** Makes a lake from a restore point, and tries it out. */
package io.datapunk.archive.backup.restore;
