/** Makes vectors of texts, and keeps the tables of vectors in step with the tables that they are made of. */
package io.datapunk.vectors.embed;
