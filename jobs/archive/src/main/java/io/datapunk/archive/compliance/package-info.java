/** What an auditor asks for, in one place. */
package io.datapunk.archive.compliance;
