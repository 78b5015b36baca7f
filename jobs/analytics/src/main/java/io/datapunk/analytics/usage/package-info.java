/** How the lake itself is read. */
package io.datapunk.analytics.usage;
