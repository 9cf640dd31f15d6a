package dev.tocsin.app;

import dev.tocsin.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where the server listens, as the operator set it.
 *
 * @param port 0 for any free one
 */
record ListenAddress(String host, int port) {
  static ListenAddress of(Settings.Http settings) {
    return new ListenAddress(settings.host(), settings.port());
  }

  /**
   * Finds out whether it can be listened on, before anything is started for nothing. It may be
   * taken between now and then; whoever listens says so by {@link #refused} too.
   *
   * @throws ListenException when it cannot
   */
  void verifyFree() {
    try {
      bind();
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /**
   * The same for another port than that of HTTP.
   *
   * @param key which sets the port
   */
  static void verifyFree(String key, String host, int port) {
    ListenAddress address = new ListenAddress(host, port);
    try {
      address.bind();
    } catch (IOException e) {
      throw new ListenException(
          key
              + ": cannot listen on "
              + address
              + " ("
              + e.getMessage()
              + "); end the program that does, or set another "
              + key,
          e);
    }
  }

  private void bind() throws IOException {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      // As the server does: connections of the one before, which wait for their end, do no harm.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    }
  }

  /** What to say when it cannot be listened on. */
  ListenException refused(IOException reason) {
    return new ListenException(
        "http.port: cannot listen on "
            + this
            + " ("
            + reason.getMessage()
            + "); end the program that does, or set another http.port (TOCSIN_HTTP_PORT) or"
            + " http.host (TOCSIN_HTTP_HOST)",
        reason);
  }

  /** As it stands in a URL. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
