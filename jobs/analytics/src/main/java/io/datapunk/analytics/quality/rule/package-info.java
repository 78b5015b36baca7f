/** What rules of data quality ask for, and what is made of the answers. */
package io.datapunk.analytics.quality.rule;
