/** What is near to what: for every row of a collection its nearest rows, as a table. */
package io.datapunk.vectors.neighbours;
