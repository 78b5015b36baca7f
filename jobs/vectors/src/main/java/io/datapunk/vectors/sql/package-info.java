/** Collections from Spark: functions of SQL, and {@link io.datapunk.vectors.sql.VectorSearch} for Java and notebooks. */
package io.datapunk.vectors.sql;
