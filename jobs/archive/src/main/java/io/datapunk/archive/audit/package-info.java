/** The audit log as a table, to be searched. */
package io.datapunk.archive.audit;
