package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.bridge.TcpClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.FreePorts;
import dev.tocsin.store.PostgresFixture;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where the bridge over TCP listens, and with which certificate. */
class BusListenHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");
  private static final char[] PASSWORD = "of the test".toCharArray();

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @TempDir Path home;

  @BeforeEach
  void declare() throws IOException {
    WholeServers.declare(home, ACME, "");
  }

  @Test
  void it_speaks_tls_when_it_is_given_a_certificate() throws Exception {
    KeyStore keys = certificate();
    Path certificate = pem("CERTIFICATE", keys.getCertificate("bus").getEncoded());
    Path key = pem("PRIVATE KEY", keys.getKey("bus", PASSWORD).getEncoded());
    int port = FreePorts.one();
    try (Server server =
            start(
                Map.of(
                    "TOCSIN_BUS_TCP_PORT", Integer.toString(port),
                    "TOCSIN_BUS_TCP_CERTIFICATE", certificate.toString(),
                    "TOCSIN_BUS_TCP_KEY", key.toString()));
        TcpClient client =
            new TcpClient(
                trusting(keys)
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), port))) {
      client.send("{\"type\":\"ping\"}");
      assertThat(client.nextText()).isEqualTo("{\"type\":\"pong\"}");
      assertThat(server.port()).isPositive();
    }
  }

  @Test
  void a_port_that_is_taken_and_a_certificate_that_is_none_are_named() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThatThrownBy(() -> start(Map.of("TOCSIN_BUS_TCP_PORT", port)))
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("bus.tcpPort: cannot listen on 127.0.0.1:" + port);
    }
    String missing = home.resolve("missing.pem").toString();
    assertThatThrownBy(() ->
            start(
                Map.of(
                    "TOCSIN_BUS_TCP_PORT", "0",
                    "TOCSIN_BUS_TCP_CERTIFICATE", missing,
                    "TOCSIN_BUS_TCP_KEY", missing)))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("missing.pem");
  }

  @Test
  void web_sockets_are_served_on_the_port_of_http_when_that_is_set() throws Exception {
    String info = "/eventbus/info";
    try (Server server = WholeServers.start(postgres, home, Map.of())) {
      assertThat(get(server, info).statusCode()).isEqualTo(404);
    }
    try (Server server =
        WholeServers.start(postgres, home, Map.of("TOCSIN_BUS_WEB_SOCKETS", "true"))) {
      assertThat(get(server, info).body()).contains("\"websocket\":true");
      assertThat(get(server, "/eventbus/websocket").statusCode()).isEqualTo(400);
    }
  }

  private static HttpResponse<String> get(Server server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(WholeServers.address(server).resolve(path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private Server start(Map<String, String> settings) throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.put("TOCSIN_BUS_TCP", "true");
    return WholeServers.start(postgres, home, all);
  }

  /** The JDK makes certificates by its own program alone. */
  private KeyStore certificate() throws Exception {
    Path store = home.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                List.of(
                    keytool,
                    "-genkeypair",
                    "-alias",
                    "bus",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    new String(PASSWORD)))
            .inheritIO()
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private Path pem(String kind, byte[] bytes) throws IOException {
    String text =
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(bytes)
            + "\n-----END "
            + kind
            + "-----\n";
    return Files.writeString(home.resolve(kind.replace(' ', '-') + ".pem"), text);
  }

  private static SSLContext trusting(KeyStore keys) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("bus", keys.getCertificate("bus"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
