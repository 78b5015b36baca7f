/** What would make the lake faster or smaller, each with what was observed, what a trial measured, and the statement that does it. */
package io.datapunk.maintenance.advice;
