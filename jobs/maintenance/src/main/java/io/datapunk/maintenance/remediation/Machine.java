package io.datapunk.maintenance.remediation;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How busy the machine is that the command runs on.
 *
 * @param processors load of the last minute for each of them, at most 1 [004: avg_load of all cores]
 * @param memory share that processes take; what caches files is free
 */
record Machine(double processors, double memory) {
    private static final Path MEMORY = Path.of("/proc/meminfo");

    static Machine look() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double load = Math.max(0, system.getSystemLoadAverage()) / system.getAvailableProcessors();
        return new Machine(Math.min(1, load), memory(system));
    }

    private static double memory(OperatingSystemMXBean system) {
        double size = system.getTotalMemorySize();
        if (!Files.isReadable(MEMORY)) {
            return 1 - system.getFreeMemorySize() / size;
        }
        try {
            Map<String, Long> kilobytes = Files.readAllLines(MEMORY).stream()
                    .map(line -> line.split("[: ]+", -1))
                    .collect(Collectors.toMap(words -> words[0], words -> Long.parseLong(words[1])));
            return 1 - (double) kilobytes.get("MemAvailable") / kilobytes.get("MemTotal");
        } catch (IOException e) {
            return 1 - system.getFreeMemorySize() / size;
        }
    }
}
