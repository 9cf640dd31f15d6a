package dev.tocsin.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A way to PostgreSQL that can go silent: connections are then still accepted, and stay open, but
 * nothing passes any more, on those there are and on those made meanwhile.
 */
final class FlakyNetwork implements AutoCloseable {
  private final PostgresAddress server;
  private final ServerSocket listening;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean silent;

  FlakyNetwork(PostgresAddress server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** The server's address by this way. */
  PostgresAddress address() {
    return new PostgresAddress(
        "127.0.0.1",
        listening.getLocalPort(),
        server.database(),
        server.user(),
        server.password(),
        server.schema(),
        server.sslMode());
  }

  void goSilent() {
    silent = true;
  }

  /** New connections work again; those that fell silent stay so, as behind a router that forgot. */
  void recover() {
    silent = false;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Socket behind = new Socket(server.host(), server.port());
        threads.execute(() -> forward(client, behind));
        threads.execute(() -> forward(behind, client));
      } catch (IOException e) {
        // Closed, or the server is away, and then so is the way to it.
      }
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    boolean mute = false;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        mute |= silent;
        if (!mute) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // One of both is closed, and the other is closed for it.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
