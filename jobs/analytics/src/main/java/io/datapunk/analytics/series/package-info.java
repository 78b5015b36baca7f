/** Values over time: summed up by hour and day, and where they are going. */
package io.datapunk.analytics.series;
