/** Published tables in Redis, for applications. */
package io.datapunk.analytics.cache;
