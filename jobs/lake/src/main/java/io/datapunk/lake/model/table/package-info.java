/** The tables of the lake: one class each, the one place that names its columns. */
package io.datapunk.lake.model.table;
