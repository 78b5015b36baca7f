/** Lets expire what its retention says: a plan that is shown, approved and carried out, and a record of what went. */
package io.datapunk.archive.expire;
