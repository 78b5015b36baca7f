/** What conf/monitoring does with what jobs tell, by the real Prometheus, Alertmanager and Pushgateway. */
package io.datapunk.monitoring;
