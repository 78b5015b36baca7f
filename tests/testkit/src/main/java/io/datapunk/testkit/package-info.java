/** Real servers and sessions that tests share. */
package io.datapunk.testkit;
