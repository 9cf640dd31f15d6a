package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.cluster.Node;
import dev.tocsin.config.Configuration;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ListenAddressHttpTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @TempDir Path home;

  @Test
  void a_port_that_is_taken_is_named_with_its_key_and_what_to_do() throws IOException {
    try (ServerSocket other = listen(0)) {
      ListenAddress address = new ListenAddress("127.0.0.1", other.getLocalPort());

      assertThatThrownBy(address::verifyFree)
          .isInstanceOf(ListenException.class)
          .hasMessage(
              "http.port: cannot listen on 127.0.0.1:%d (Address already in use); end the program"
                  + " that does, or set another http.port (TOCSIN_HTTP_PORT) or http.host"
                  + " (TOCSIN_HTTP_HOST)",
              other.getLocalPort());
    }
  }

  @Test
  void a_host_that_is_not_of_this_machine_is_refused_too() {
    assertThatThrownBy(new ListenAddress("192.0.2.1", 8480)::verifyFree)
        .isInstanceOf(ListenException.class)
        .hasMessageStartingWith("http.port: cannot listen on 192.0.2.1:8480 (");
    assertThatThrownBy(new ListenAddress("no-such-host.invalid", 8480)::verifyFree)
        .isInstanceOf(ListenException.class)
        .hasMessageStartingWith("http.port: cannot listen on no-such-host.invalid:8480 (");
  }

  @Test
  void any_free_port_needs_no_look() {
    assertThatCode(new ListenAddress("192.0.2.1", 0)::verifyFree).doesNotThrowAnyException();
  }

  /** As after a restart: closed connections keep the address for a minute. */
  @Test
  void a_port_that_is_left_by_its_server_is_free() throws IOException {
    int port;
    try (ServerSocket before = listen(0);
        Socket client = new Socket(before.getInetAddress(), before.getLocalPort())) {
      port = before.getLocalPort();
      before.accept().close();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    ListenAddress address = new ListenAddress("127.0.0.1", port);

    assertThatCode(address::verifyFree).doesNotThrowAnyException();
    assertThatCode(address::verifyFree).doesNotThrowAnyException();
  }

  /** Somebody else was faster, after the look and before the server. */
  @Test
  void a_server_that_finds_its_port_taken_says_the_same() throws IOException {
    Vertx vertx = Vertx.vertx();
    try (ServerSocket other = listen(0)) {
      Configuration configuration = configuration(vertx, other.getLocalPort());
      Server server = new Server(new Node.Alone(vertx), configuration);

      assertThatThrownBy(() -> server.start())
          .isInstanceOf(ListenException.class)
          .hasMessageStartingWith(
              "http.port: cannot listen on 127.0.0.1:%d (", other.getLocalPort());
    }
  }

  private Configuration configuration(Vertx vertx, int port) {
    Map<String, String> environment =
        Map.of(
            "TOCSIN_DATA", home.toString(),
            "TOCSIN_POSTGRES_URI", postgres.uri(),
            "TOCSIN_HTTP_PORT", Integer.toString(port));
    return Configuration.read(vertx, home, environment);
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
