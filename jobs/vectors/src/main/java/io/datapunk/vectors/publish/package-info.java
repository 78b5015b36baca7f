/** Publishes collections into PostgreSQL, where pgvector searches them. */
package io.datapunk.vectors.publish;
