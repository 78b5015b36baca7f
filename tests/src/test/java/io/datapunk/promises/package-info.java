/** The promises of the design, one class each, kept on a lake that was made by the commands that users call. */
package io.datapunk.promises;
