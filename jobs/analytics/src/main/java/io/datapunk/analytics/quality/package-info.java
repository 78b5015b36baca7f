/** How good the data is: rules, what was measured by them, and what every row has to meet. */
package io.datapunk.analytics.quality;
