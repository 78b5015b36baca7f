/** What keeps a lake healthy. */
package io.datapunk.maintenance;
