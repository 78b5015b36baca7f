/** What the lake asks of Airflow and tells it, for jobs that run outside of it. */
package io.datapunk.airflow;
