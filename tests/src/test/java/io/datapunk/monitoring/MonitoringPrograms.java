package io.datapunk.monitoring;

import io.datapunk.debian.DebianPrograms;
import java.io.IOException;

/** Prometheus and its companions. */
final class MonitoringPrograms {
    private MonitoringPrograms() {}

    static DebianPrograms unpacked() throws IOException {
        return DebianPrograms.unpacked("monitoring", "prometheus", "prometheus-alertmanager", "prometheus-pushgateway");
    }
}
