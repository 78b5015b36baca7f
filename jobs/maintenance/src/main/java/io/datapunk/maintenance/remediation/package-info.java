/** What is done at once where something is about to run out. */
package io.datapunk.maintenance.remediation;
