/** Servers that tests need and that come from nowhere else. */
package io.datapunk.debian;
