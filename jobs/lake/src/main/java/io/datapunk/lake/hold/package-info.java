/** Legal holds: what they protect, nothing deletes, whatever retention says. */
package io.datapunk.lake.hold;
