/** What people did: by day, in sessions, most often, and when in the week. */
package io.datapunk.analytics.activity;
