/** Work on several tables at once. */
package io.datapunk.analytics.work;
