/**
 * The only place that knows Delta's internals: tables and their log, checksums over what files hold, and moves between
 * warm and cold files.
 */
package io.datapunk.lake.delta;
