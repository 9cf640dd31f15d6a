package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.BusFixture.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusOverWebSocketsHttpTest {
  private static final String CLOSED = "closed";
  private static final String RAW = "/eventbus/websocket";

  private final BusFixture bus = new BusFixture();
  private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void a_raw_web_socket_brings_a_frame_in_each_message() throws InterruptedException {
    WebSocket socket = connect(RAW);
    socket.writeTextMessage(
        new JsonObject()
            .put("type", "register")
            .put("address", events(ACME))
            .put("headers", new JsonObject(Map.copyOf(bus.headers(ACME, Map.of()))))
            .encode());
    JsonObject subscribed = new JsonObject(next());
    assertThat(subscribed.getString("type")).isEqualTo("rec");
    assertThat(subscribed.getJsonObject("body").getString("type")).isEqualTo("subscribed");

    String id = bus.addProduct("{}");
    assertThat(new JsonObject(next()).getJsonObject("body").getJsonObject("event").getString("id"))
        .isEqualTo(id);
    socket.writeTextMessage(request());
    JsonObject answer = null;
    while (answer == null) {
      JsonObject frame = new JsonObject(next());
      answer = frame.getString("address").equals("r") ? frame.getJsonObject("body") : null;
    }
    assertThat(answer.getInteger("status")).isEqualTo(200);
    socket.writeTextMessage("no JSON");
    String refused = next();
    while (refused.contains("\"event\"")) {
      refused = next();
    }
    assertThat(refused).contains("malformed_frame");
  }

  private String request() {
    return new JsonObject()
        .put("type", "send")
        .put("address", "tocsin.ingest")
        .put("replyAddress", "r")
        .put("headers", new JsonObject(Map.copyOf(bus.headers(ACME, Map.of()))))
        .put("body", json("{'eventName':'configuration.plan.created','new':{'id':'p'}}"))
        .encode();
  }

  @Test
  void a_client_of_sockjs_is_spoken_to_in_its_frames() throws InterruptedException {
    WebSocket socket = connect("/eventbus/123/abc/websocket");
    assertThat(next()).isEqualTo("o");
    socket.writeTextMessage(new JsonArray().add("{\"type\":\"ping\"}").add(request()).encode());
    assertThat(next()).isEqualTo("a[\"{\\\"type\\\":\\\"pong\\\"}\"]");
    String answer = next();
    assertThat(answer).startsWith("a[");
    JsonObject frame = new JsonObject(new JsonArray(answer.substring(1)).getString(0));
    assertThat(frame.getJsonObject("body").getInteger("status")).isEqualTo(200);

    for (String nonsense :
        new String[] {"[\"a\",null,\"b\"]", "[\"a\" b\"]", "x", "[1]", "[\"{}\"]x"}) {
      socket.writeTextMessage(nonsense);
      assertThat(next()).as(nonsense).contains("malformed_frame");
    }
    socket.writeTextMessage("[]");
    socket.writeTextMessage("[\"{\\\"type\\\":\\\"ping\\\"}\"]");
    assertThat(next()).contains("pong");
  }

  @Test
  void what_sockjs_asks_first_is_answered_to_any_page() {
    HttpResponse<Buffer> info =
        ApiFixture.await(
            WebClient.create(bus.api.vertx)
                .get(bus.webSocketPort, "127.0.0.1", "/eventbus/info")
                .putHeader("Origin", "https://app.example")
                .send());
    assertThat(Objects.requireNonNull(info.bodyAsJsonObject()).getBoolean("websocket")).isTrue();
    assertThat(info.getHeader("access-control-allow-origin")).isEqualTo("https://app.example");
  }

  @Test
  void a_message_that_is_too_long_in_a_frame_or_in_several_closes_its_connection()
      throws InterruptedException {
    connect(RAW).writeTextMessage("x".repeat((1 << 20) + 1));
    assertThat(next()).isEqualTo(CLOSED);
    bus.await(() -> bus.counted("tocsin.bus.frames.refused", "reason", "frame_too_long") == 1);

    WebSocket socket = connect(RAW);
    socket.writeFrame(WebSocketFrame.textFrame("x".repeat(1 << 19), false));
    socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("x".repeat(1 << 19)), false));
    socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("x"), true));
    assertThat(next()).isEqualTo(CLOSED);
    bus.await(() -> bus.counted("tocsin.bus.frames.refused", "reason", "frame_too_long") == 2);
    bus.await(() -> bus.gauge("tocsin.bus.connections") == 0);
  }

  @Test
  void who_does_not_upgrade_is_told_in_our_form_and_nothing_else_is_there() {
    WebClient client = WebClient.create(bus.api.vertx);
    assertStatus(client, RAW, 400);
    assertStatus(client, "/eventbus/123/abc/websocket", 400);
    assertStatus(client, "/eventbus/123/abc/xhr", 404);
    assertStatus(client, "/eventbus", 404);
  }

  private void assertStatus(WebClient client, String path, int status) {
    HttpResponse<Buffer> answer =
        ApiFixture.await(
            client.request(HttpMethod.GET, bus.webSocketPort, "127.0.0.1", path).send());
    assertThat(answer.statusCode()).as(path).isEqualTo(status);
    assertThat(Objects.requireNonNull(answer.bodyAsJsonObject()).getString("code")).isNotEmpty();
  }

  @Test
  void a_server_that_stops_closes_web_sockets() throws InterruptedException {
    connect(RAW);
    bus.await(() -> bus.gauge("tocsin.bus.connections") == 1);
    bus.stop();

    assertThat(next()).isEqualTo(CLOSED);
  }

  private WebSocket connect(String path) {
    WebSocketClient client =
        bus.api.vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxMessageSize(4 << 20).setMaxFrameSize(4 << 20));
    ClientWebSocket socket = client.webSocket();
    socket.textMessageHandler(messages::add);
    socket.closeHandler(closed -> messages.add(CLOSED));
    socket.exceptionHandler(broken -> {});
    return ApiFixture.await(socket.connect(bus.webSocketPort, "127.0.0.1", path));
  }

  private String next() throws InterruptedException {
    return Objects.requireNonNull(messages.poll(20, TimeUnit.SECONDS), "no message came");
  }
}
