package io.datapunk.lake.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A free TCP port of the loopback address for an embedded server. */
final class ServerPort {
    private static final String SETTING = "port = ";

    private ServerPort() {}

    /** The port of the last start if it is free, so that applications find the server again. */
    static int choose(Path settings) throws IOException {
        if (Files.exists(settings)) {
            for (String line : Files.readAllLines(settings)) {
                if (line.startsWith(SETTING)) {
                    int last = Integer.parseInt(line.substring(SETTING.length()).trim());
                    if (isFree(last)) {
                        return last;
                    }
                }
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
