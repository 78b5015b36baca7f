/** Where people stayed, how they got there, and which places they came back to. */
package io.datapunk.analytics.location;
