/** Takes in what access recorders spooled, exactly once, and rolls it up into the hours that heat is computed from. */
package io.datapunk.tiering.heat;
