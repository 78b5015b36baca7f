/** Rules as they are written: DQDL, the Data Quality Definition Language of AWS Glue. */
package io.datapunk.analytics.quality.dqdl;
