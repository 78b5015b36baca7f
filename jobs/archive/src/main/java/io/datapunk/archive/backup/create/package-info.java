/** Makes restore points. */
package io.datapunk.archive.backup.create;
