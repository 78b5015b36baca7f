/** Where series of numbers are going. */
package io.datapunk.analytics.forecast;
