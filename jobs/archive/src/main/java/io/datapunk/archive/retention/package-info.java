/** What may expire, and why what else may not. Pure: facts, holds, rules and the time go in, decisions come out. */
package io.datapunk.archive.retention;
