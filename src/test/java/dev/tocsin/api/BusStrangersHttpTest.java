package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.bridge.BridgeSettings;
import dev.tocsin.bridge.TcpClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections on which nobody shows a token, beside those on which somebody does. */
class BusStrangersHttpTest {
  private static final String PING = "{\"type\":\"ping\"}";
  private static final String PRODUCT =
      json("{'eventName':'configuration.product.created','new':{'id':'p'}}");
  private static final int CONNECTIONS_MAX = 2;
  private static final int WITHOUT_TOKEN_MAX = 5;

  private final BusFixture bus =
      new BusFixture(
          new BridgeSettings(
              CONNECTIONS_MAX,
              WITHOUT_TOKEN_MAX,
              CONNECTIONS_MAX,
              1 << 20,
              10,
              Duration.ofMinutes(1),
              1 << 20,
              256,
              Duration.ofSeconds(10),
              Duration.ofSeconds(15),
              Duration.ofSeconds(5)));

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void however_many_there_are_who_has_a_token_gets_in() throws IOException {
    List<TcpClient> strangers = new ArrayList<>();
    for (int i = 0; i < 4 * WITHOUT_TOKEN_MAX; i++) {
      strangers.add(stranger());
    }

    TcpClient acme = bus.connect();
    assertThat(status(acme, ACME)).isEqualTo(200);
    // Its coming cost another one of them the place; it has none of theirs any more.
    assertThat(bus.gauge("tocsin.bus.connections")).isEqualTo(WITHOUT_TOKEN_MAX);
    bus.await(
        () -> bus.counted("tocsin.bus.cut", "reason", "displaced") == 3 * WITHOUT_TOKEN_MAX + 1);
    for (int i = 0; i < WITHOUT_TOKEN_MAX; i++) {
      stranger();
    }
    assertThat(status(acme, ACME)).isEqualTo(200);

    List<JsonObject> rest = strangers.getFirst().rest();
    assertThat(rest).hasSize(1);
    assertThat(rest.getFirst().getString("body")).isEqualTo("no_token");
  }

  @Test
  void whoever_shows_a_token_when_the_places_are_taken_is_told_so() throws IOException {
    TcpClient last = stranger();
    assertThat(status(bus.connect(), ACME)).isEqualTo(200);
    assertThat(status(bus.connect(), BOLT)).isEqualTo(200);

    assertThat(status(last, ACME)).isEqualTo(429);
    assertThat(bus.counted("tocsin.bus.connections.refused", "scope", "server")).isEqualTo(1);
    last.close();
    bus.await(() -> bus.gauge("tocsin.bus.connections") == CONNECTIONS_MAX);
  }

  private TcpClient stranger() throws IOException {
    TcpClient client = bus.connect();
    client.send(PING);
    assertThat(client.nextText()).contains("pong");
    return client;
  }

  private int status(TcpClient client, Caller caller) throws IOException {
    return client
        .request("tocsin.ingest", bus.headers(caller, Map.of()), PRODUCT)
        .getJsonObject("body")
        .getInteger("status");
  }
}
