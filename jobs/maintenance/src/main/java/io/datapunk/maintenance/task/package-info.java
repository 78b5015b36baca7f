/** Upkeep on a schedule: each task, when it is due, and what it changed. */
package io.datapunk.maintenance.task;
