/** What the documentation says: its commands are run. */
package io.datapunk.docs;
