package io.datapunk.lake.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/** The driver's own factory of protected sockets, with TLS 1.3 alone. Public, because the driver makes it by its name. */
public final class NewTlsFactory extends LibPQFactory {
    private static final String[] VERSIONS = {"TLSv1.3"};

    public NewTlsFactory(Properties properties) throws PSQLException {
        super(properties);
    }

    private static Socket newOnly(Socket socket) {
        ((SSLSocket) socket).setEnabledProtocols(VERSIONS);
        return socket;
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return newOnly(super.createSocket(socket, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return newOnly(super.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return newOnly(super.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return newOnly(super.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return newOnly(super.createSocket(address, port, localAddress, localPort));
    }
}
