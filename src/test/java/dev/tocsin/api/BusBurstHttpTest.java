package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.bridge.TcpClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that send much at once, and read what they are told. */
class BusBurstHttpTest {
  private static final String PING = "{\"type\":\"ping\"}";
  private static final String PRODUCT =
      json("{'eventName':'configuration.product.created','new':{'id':'p'}}");

  private final BusFixture bus = new BusFixture();

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void pings_that_come_at_once_are_answered_though_not_each() throws IOException {
    TcpClient client = bus.connect();
    client.sendAll(Collections.nCopies(2_000, PING).toArray(String[]::new));

    JsonObject answer = new JsonObject();
    for (String text = client.nextText(); text.contains("pong"); text = client.nextText()) {
      if (answer.isEmpty()) {
        answer.put("pong", true);
        client.send(request("last"));
      }
    }
    assertThat(answer.getBoolean("pong")).isTrue();
    assertThat(bus.counted("tocsin.bus.cut", "reason", "reads_nothing")).isZero();
  }

  @Test
  void requests_that_come_at_once_are_each_answered_though_most_are_too_many() throws IOException {
    TcpClient client = bus.connect();
    client.sendAll(Collections.nCopies(600, request("r")).toArray(String[]::new));

    int stored = 0;
    for (int i = 0; i < 600; i++) {
      int status = client.next().getJsonObject("body").getInteger("status");
      assertThat(status).isIn(200, 429);
      stored += status == 200 ? 1 : 0;
    }
    assertThat(stored).isPositive();
    assertThat(bus.counted("tocsin.bus.cut", "reason", "reads_nothing")).isZero();
  }

  private String request(String replyAddress) {
    return new JsonObject()
        .put("type", "send")
        .put("address", "tocsin.ingest")
        .put("replyAddress", replyAddress)
        .put("headers", new JsonObject(Map.copyOf(bus.headers(ACME, Map.of()))))
        .put("body", PRODUCT)
        .encode();
  }
}
