/** How much room the lake takes, how that grows, and when there is none left. */
package io.datapunk.analytics.capacity;
