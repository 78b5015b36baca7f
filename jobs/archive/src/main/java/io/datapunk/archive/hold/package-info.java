/** Places and releases legal holds. */
package io.datapunk.archive.hold;
