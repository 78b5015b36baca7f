/** What other programs may rely on, as golden files under {@code tests/contracts}. */
package io.datapunk.contracts;
