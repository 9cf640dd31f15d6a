package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.ADMINISTRATOR;
import static dev.tocsin.api.ApiFixture.BOLT;
import static dev.tocsin.api.BusFixture.events;
import static dev.tocsin.api.BusFixture.notifications;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Statement;
import dev.tocsin.bridge.BridgeSettings;
import dev.tocsin.bridge.TcpClient;
import dev.tocsin.event.Category;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BusOverTcpHttpTest {
  private static final String INGEST = "tocsin.ingest";
  private static final String PRODUCT =
      json("{'eventName':'configuration.product.created','new':{'id':'p-1','price':1.2300}}");

  private BusFixture bus = new BusFixture();

  @AfterEach
  void close() {
    bus.close();
  }

  private void restart(int bufferBytesMax, Duration keepAliveEvery) {
    bus.close();
    bus = new BusFixture(BusFixture.settings(bufferBytesMax, keepAliveEvery));
  }

  @Test
  void events_in_an_object_are_stored_and_answered_as_over_http_to_the_last_digit()
      throws IOException {
    TcpClient client = bus.connect();
    client.send(
        json(
            "{'type':'send','address':'tocsin.ingest','replyAddress':'r-1','body':{'version':1,"
                + "'authorization':'Bearer "
                + bus.api.token(ACME)
                + "','events':[{'eventName':'configuration.product.created',"
                + "'new':{'id':'p-1','price':0.10000000000000000000001000}},"
                + "{'eventName':'configuration.produce.created','new':{'id':'p-1'}}]}}"));
    JsonObject frame = client.next();

    assertThat(frame.getString("type")).isEqualTo("message");
    assertThat(frame.getString("address")).isEqualTo("r-1");
    JsonObject answer = frame.getJsonObject("body");
    assertThat(answer.getInteger("version")).isEqualTo(1);
    assertThat(answer.getInteger("status")).isEqualTo(200);
    assertThat(answer.getJsonObject("headers")).isEmpty();
    JsonObject rejected = answer.getJsonObject("body").getJsonArray("rejected").getJsonObject(0);
    assertThat(rejected.getString("code")).isEqualTo("unknown_event_name");
    assertThat(rejected.getInteger("index")).isEqualTo(1);
    String id = accepted(answer).getString("id");
    assertThat(new ApiClient(bus.api, ACME).get("events/" + id).bodyAsString())
        .contains("0.10000000000000000000001000");
  }

  @Test
  void a_text_is_the_body_as_http_has_it_with_the_token_beside_it() throws IOException {
    TcpClient client = bus.connect();
    JsonObject answer = ask(client, bus.headers(ACME, Map.of()), PRODUCT);
    assertThat(answer.getInteger("status")).isEqualTo(200);
    assertThat(
            new ApiClient(bus.api, ACME)
                .get("events/" + accepted(answer).getString("id"))
                .bodyAsString())
        .contains("1.2300");

    JsonObject cloud =
        ask(
            client,
            bus.headers(ACME, Map.of("content-type", "application/cloudevents+json")),
            json(
                "{'specversion':'1.0','type':'configuration.plan.created','source':'s','id':'1',"
                    + "'data':{'new':{'id':'p'}}}"));
    assertThat(accepted(cloud).getBoolean("duplicate")).isFalse();
  }

  static Stream<List<Object>> badRequests() {
    return Stream.of(
        bad(Map.of("authorization", ""), PRODUCT, 403, "missing_token"),
        bad(Map.of("authorization", "Bearer nonsense"), PRODUCT, 403, "invalid_token"),
        bad(
            Map.of("organizationId", BOLT.organization().toString()),
            PRODUCT,
            403,
            "wrong_organization"),
        bad(Map.of("organizationId", "nonsense"), PRODUCT, 403, "wrong_organization"),
        bad(Map.of("version", "2"), PRODUCT, 400, "unsupported_version"),
        bad(Map.of("version", ""), PRODUCT, 400, "unsupported_version"),
        bad(Map.of(), 7, 400, "malformed_body"),
        bad(Map.of(), new JsonArray().add(PRODUCT), 400, "malformed_body"),
        bad(Map.of(), "", 400, "malformed_body"),
        bad(Map.of(), "[]", 400, "malformed_body"),
        bad(Map.of(), new JsonObject().put("events", "x"), 400, "malformed_body"),
        bad(Map.of(), new JsonObject().put("event", new JsonObject()), 400, "malformed_body"),
        bad(Map.of(), new JsonObject().put("authorization", 5), 403, "missing_token"),
        bad(Map.of("ce-id", "1"), "{}", 200, ""),
        bad(Map.of("content-type", "application/cloudevents+xml"), "", 400, "unsupported_format"));
  }

  private static List<Object> bad(
      Map<String, String> headers, Object body, int status, String code) {
    return List.of(headers, body, status, code);
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void whatever_is_wrong_is_answered_in_the_form_of_http(List<Object> bad) throws IOException {
    @SuppressWarnings("unchecked") // as they are made above
    Map<String, String> headers = (Map<String, String>) bad.get(0);
    TcpClient client = bus.connect();
    JsonObject answer = ask(client, bus.headers(ACME, headers), bad.get(1));

    assertThat(answer.getInteger("status")).isEqualTo(bad.get(2));
    assertThat(answer.getJsonObject("body").getString("code", "")).isEqualTo(bad.get(3));
    assertThat(ask(client, bus.headers(ACME, Map.of()), PRODUCT).getInteger("status"))
        .isEqualTo(200);
  }

  @Test
  void who_may_not_create_events_or_read_them_is_told_so() throws IOException {
    bus.api.permit(ACME, new Statement("allow", List.of("all"), List.of("config:webhook/*")));
    TcpClient client = bus.connect();
    assertThat(code(ask(client, bus.headers(ACME, Map.of()), PRODUCT))).isEqualTo("not_permitted");

    client.register(events(ACME), bus.headers(ACME, Map.of()));
    JsonObject frame = client.next();
    assertThat(frame.getString("type")).isEqualTo("err");
    assertThat(frame.getString("address")).isEqualTo(events(ACME));
    assertThat(frame.getInteger("failureCode")).isEqualTo(403);
    assertThat(frame.getString("message")).contains("config:event");
    assertThat(code(frame.getJsonObject("body"))).isEqualTo("not_permitted");
  }

  /** Whether somebody listens there, here or anywhere, or nobody. */
  @Test
  void any_other_address_is_refused_in_the_same_words() throws IOException {
    List<Object> heard = Collections.synchronizedList(new ArrayList<>());
    bus.api.vertx.eventBus().consumer("some.application", message -> heard.add(message.body()));
    TcpClient client = bus.connect();
    for (String address :
        List.of(
            "some.application",
            "body.received",
            "rules.changed",
            "nobody.listens",
            "tocsin.events",
            "tocsin.client.12345678901234567890123456789012",
            events(ACME),
            "tocsin.ingest.x",
            "x".repeat(1_000))) {
      assertThat(client.request(address, bus.headers(ACME, Map.of()), PRODUCT))
          .isEqualTo(
              new JsonObject(
                  json(
                      "{'type':'err','address':'reply','failureCode':403,"
                          + "'failureType':'RECIPIENT_FAILURE','message':'access_denied'}")));
    }
    String denied = json("{'type':'err','message':'access_denied','body':'access_denied'}");
    for (String address :
        List.of("some.application", "nobody.listens", INGEST, "tocsin.eventsx", "tocsin.events")) {
      client.register(address, bus.headers(ACME, Map.of()));
      assertThat(client.nextText()).isEqualTo(denied);
      client.send(frame("publish", address));
      assertThat(client.nextText()).isEqualTo(denied);
      client.send(frame("unregister", address));
      assertThat(client.nextText()).isEqualTo(denied);
      client.send(frame("send", address + "x"));
      assertThat(client.nextText()).isEqualTo(denied);
    }
    assertThat(heard).isEmpty();
  }

  private static String frame(String type, String address) {
    return new JsonObject().put("type", type).put("address", address).encode();
  }

  @Test
  void another_organization_is_answered_as_http_answers_whether_it_is_there_or_not()
      throws IOException {
    TcpClient client = bus.connect();
    List<JsonObject> answers = new ArrayList<>();
    for (String address : List.of(events(BOLT), notifications(BOLT), "tocsin.events.nonsense")) {
      client.register(address, bus.headers(ACME, Map.of()));
      JsonObject frame = client.next();
      assertThat(frame.getString("address")).isEqualTo(address);
      answers.add(frame.getJsonObject("body"));
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer).isEqualTo(answers.getFirst()));
    assertThat(answers.getFirst().getInteger("status")).isEqualTo(403);
    assertThat(code(answers.getFirst())).isEqualTo("wrong_organization");
  }

  @Test
  void an_event_comes_as_it_is_read_and_nobody_hears_it_on_the_bus() throws IOException {
    List<Object> heard = Collections.synchronizedList(new ArrayList<>());
    for (String address : List.of(events(ACME), "tocsin.events", notifications(ACME))) {
      bus.api.vertx.eventBus().consumer(address, message -> heard.add(message.body()));
    }
    TcpClient client = bus.follow(events(ACME), Map.of());
    String id = bus.addProduct("{\"price\":0.10000000000000000000001000}");

    String text = client.nextText();
    JsonObject frame = new JsonObject(text);
    assertThat(frame.getString("type")).isEqualTo("message");
    assertThat(frame.getString("address")).isEqualTo(events(ACME));
    JsonObject body = frame.getJsonObject("body");
    assertThat(body.getInteger("version")).isEqualTo(1);
    assertThat(body.getInteger("sequence")).isEqualTo(1);
    assertThat(text)
        .contains(
            "\"event\":" + new ApiClient(bus.api, ACME).get("events/" + id).bodyAsString() + "}");
    assertThat(heard).isEmpty();
  }

  @Test
  void who_asks_for_notifications_or_names_is_shown_no_other_events() throws IOException {
    TcpClient notified = bus.follow(notifications(ACME), Map.of());
    TcpClient named =
        bus.follow(
            events(ACME),
            Map.of("eventName", "configuration.plan.created,configuration.bill.created"));
    bus.addProduct("{}");
    String plan = bus.add(ACME, "configuration.plan.created", Category.CONFIGURATION, "{}");
    String fired = bus.add(ACME, "notification.n", Category.NOTIFICATION, "{}");
    String bill = bus.add(ACME, "configuration.bill.created", Category.CONFIGURATION, "{}");

    assertThat(notified.nextIds(1)).containsExactly(fired);
    assertThat(named.nextIds(2)).containsExactly(plan, bill);
  }

  @Test
  void a_client_goes_on_after_the_event_it_saw_last() throws IOException {
    String first = bus.addProduct("{}");
    String second = bus.addProduct("{}");
    String third = bus.addProduct("{}");
    TcpClient client = bus.follow(events(ACME), Map.of("after", first));

    assertThat(client.nextIds(2)).containsExactly(second, third);
    client.send(frame("unregister", events(ACME)));
    client.register(
        events(ACME), bus.headers(ACME, Map.of("after", bus.api.ids.next().toString())));
    JsonObject unknown = client.next().getJsonObject("body");
    assertThat(unknown.getInteger("status")).isEqualTo(404);
    client.register(events(ACME), bus.headers(ACME, Map.of("after", "7")));
    assertThat(code(client.next().getJsonObject("body"))).isEqualTo("bad_parameter");
    client.register(events(ACME), bus.headers(ACME, Map.of("after", third)));
    assertThat(client.next().getJsonObject("body").getString("type")).isEqualTo("subscribed");
    client.register(events(ACME), bus.headers(ACME, Map.of()));
    assertThat(client.next().getString("body")).isEqualTo("address_already_registered");
  }

  @Test
  void what_is_hidden_from_somebody_is_not_shown() throws IOException {
    bus.api.permit(
        ACME, ADMINISTRATOR, new Statement("deny", List.of("all"), List.of("config:product/*")));
    TcpClient client = bus.follow(events(ACME), Map.of());
    bus.addProduct("{}");
    String plan = bus.add(ACME, "configuration.plan.created", Category.CONFIGURATION, "{}");

    assertThat(client.nextIds(1)).containsExactly(plan);
  }

  @Test
  void a_token_that_expires_ends_the_subscription_and_a_new_one_goes_on() throws IOException {
    TcpClient client = bus.follow(events(ACME), Map.of());
    String first = bus.addProduct("{}");
    assertThat(client.nextIds(1)).containsExactly(first);
    bus.api.advance(Duration.ofHours(5));

    JsonObject frame = client.next();
    assertThat(frame.getString("type")).isEqualTo("err");
    assertThat(frame.getInteger("failureCode")).isEqualTo(403);
    JsonObject end = frame.getJsonObject("body");
    assertThat(end.getString("type")).isEqualTo("end");
    assertThat(end.getInteger("sequence")).isEqualTo(1);
    assertThat(code(end)).isEqualTo("expired_token");
    String second = bus.addProduct("{}");
    client.register(events(ACME), bus.headers(ACME, Map.of("after", first)));
    assertThat(client.next().getJsonObject("body").getString("type")).isEqualTo("subscribed");
    assertThat(client.nextIds(1)).containsExactly(second);
  }

  @Test
  void who_reads_slowly_gets_everything_and_nobody_else_waits() throws IOException {
    restart(64 << 10, Duration.ofSeconds(60));
    TcpClient slow = bus.follow(events(ACME), Map.of());
    TcpClient quick = bus.follow(events(ACME), Map.of());
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      all.add(bus.addProduct("{\"text\":\"" + "x".repeat(250_000) + "\"}"));
    }

    assertThat(quick.nextIds(60)).isEqualTo(all);
    assertThat(bus.api.meters.get("tocsin.stream.overflow").counter().count()).isPositive();
    assertThat(slow.nextIds(60)).isEqualTo(all);
  }

  @Test
  void who_reads_nothing_is_cut_off() throws IOException {
    restart(64 << 20, Duration.ofMillis(500));
    TcpClient stuck = bus.follow(events(ACME), Map.of());
    for (int i = 0; i < 60; i++) {
      bus.addProduct("{\"text\":\"" + "x".repeat(250_000) + "\"}");
    }

    bus.await(() -> bus.counted("tocsin.bus.cut", "reason", "stalled") == 1);
    bus.await(() -> bus.gauge("tocsin.stream.open") == 0);
    bus.await(() -> bus.gauge("tocsin.bus.connections") == 0);
    stuck.close();
  }

  /** He would have the server hold an answer to each. */
  @Test
  void who_sends_nonsense_and_reads_no_answers_is_cut_off() throws IOException {
    TcpClient flood = bus.connect();
    String frame = frame("send", "x".repeat(100));
    String[] many = Collections.nCopies(1_000, frame).toArray(String[]::new);
    try {
      for (int i = 0; i < 1_000; i++) {
        flood.sendAll(many);
      }
      assertThat(flood).as("a client that could send all").isNull();
    } catch (IOException cut) {
      assertThat(bus.counted("tocsin.bus.cut", "reason", "reads_nothing")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, (1 << 20) + 1})
  void a_frame_that_is_too_long_or_none_closes_its_connection_alone(int length) throws IOException {
    TcpClient other = bus.connect();
    TcpClient client = bus.connect();
    client.sendRaw(ByteBuffer.allocate(4).putInt(length).array());

    List<JsonObject> rest = client.rest();
    assertThat(rest).hasSize(1);
    assertThat(rest.getFirst().getString("body")).isEqualTo("frame_too_long");
    other.send("{\"type\":\"ping\"}");
    assertThat(other.nextText()).isEqualTo("{\"type\":\"pong\"}");
  }

  @Test
  void a_frame_that_makes_no_sense_is_refused_and_the_next_is_read() throws IOException {
    TcpClient client = bus.connect();
    for (String frame :
        List.of(
            "no JSON",
            "[]",
            "{}",
            "{\"type\":7}",
            "{\"type\":\"send\",\"address\":{}}",
            "{\"type\":\"send\",\"headers\":[]}",
            "{\"type\":\"message\",\"address\":\"tocsin.ingest\"}",
            "\u0000",
            "[".repeat(10_000))) {
      client.send(frame);
      assertThat(client.next().getString("body")).as(frame).isEqualTo("malformed_frame");
    }
    client.sendRaw(new byte[] {0, 0, 0, 2, (byte) 0xc3, 0x28});
    assertThat(client.next().getString("body")).isEqualTo("malformed_frame");
    client.send(frame("send", INGEST));
    assertThat(client.next().getString("body")).isEqualTo("missing_reply_address");
    assertThat(bus.counted("tocsin.bus.frames.refused", "reason", "malformed_frame")).isEqualTo(10);
    assertThat(ask(client, bus.headers(ACME, Map.of()), PRODUCT).getInteger("status"))
        .isEqualTo(200);
  }

  @Test
  void there_are_only_so_many_connections_and_requests() throws IOException {
    bus.close();
    bus =
        new BusFixture(
            new BridgeSettings(
                2,
                10,
                1,
                1 << 20,
                1,
                Duration.ofMinutes(1),
                1 << 20,
                256,
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5)));
    TcpClient first = bus.connect();
    assertThat(ask(first, bus.headers(ACME, Map.of()), PRODUCT).getInteger("status"))
        .isEqualTo(200);
    TcpClient second = bus.connect();
    JsonObject refused = ask(second, bus.headers(ACME, Map.of()), PRODUCT);
    assertThat(refused.getInteger("status")).isEqualTo(429);
    assertThat(refused.getJsonObject("headers").getString("Retry-After")).isEqualTo("1");
    assertThat(ask(second, bus.headers(BOLT, Map.of()), PRODUCT).getInteger("status"))
        .isEqualTo(200);
    assertThat(code(ask(second, bus.headers(ACME, Map.of()), PRODUCT)))
        .isEqualTo("wrong_organization");
    bus.await(() -> bus.gauge("tocsin.bus.connections") == 2);
    assertThat(bus.connect().rest().getFirst().getString("body")).isEqualTo("too_many_connections");

    JsonObject request =
        new JsonObject()
            .put("type", "send")
            .put("address", INGEST)
            .put("replyAddress", "r")
            .put("headers", new JsonObject(Map.copyOf(bus.headers(ACME, Map.of()))))
            .put("body", PRODUCT);
    first.sendAll(request.encode(), request.encode());
    assertThat(
            List.of(
                first.next().getJsonObject("body").getInteger("status"),
                first.next().getJsonObject("body").getInteger("status")))
        .containsExactlyInAnyOrder(200, 429);
    first.close();
    bus.await(() -> bus.gauge("tocsin.bus.connections") == 1);
    assertThat(ask(bus.connect(), bus.headers(ACME, Map.of()), PRODUCT).getInteger("status"))
        .isEqualTo(200);
  }

  @Test
  void a_connection_that_shows_no_good_token_in_time_is_closed() throws IOException {
    bus.close();
    bus =
        new BusFixture(
            new BridgeSettings(
                10,
                10,
                10,
                1 << 20,
                10,
                Duration.ofSeconds(2),
                1 << 20,
                256,
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5)));
    TcpClient good = bus.follow(events(ACME), Map.of());
    TcpClient bad = bus.connect();
    bad.send("{\"type\":\"ping\"}");

    List<JsonObject> rest = bad.rest();
    assertThat(rest.getLast().getString("body")).isEqualTo("no_token");
    good.send("{\"type\":\"ping\"}");
    assertThat(good.nextText()).contains("pong");
  }

  @Test
  void a_server_that_stops_says_so_and_closes() throws IOException {
    TcpClient client = bus.follow(events(ACME), Map.of());
    TcpClient idle = bus.connect();
    idle.send("{\"type\":\"ping\"}");
    assertThat(idle.nextText()).contains("pong");
    bus.stop();

    List<JsonObject> rest = client.rest();
    assertThat(rest).hasSize(1);
    JsonObject end = rest.getFirst().getJsonObject("body");
    assertThat(end.getInteger("status")).isEqualTo(503);
    assertThat(end.getJsonObject("headers").getString("Retry-After")).isEqualTo("2");
    assertThat(code(end)).isEqualTo("stopping");
    assertThat(idle.rest()).isEmpty();
    assertThat(bus.gauge("tocsin.stream.open")).isZero();
  }

  private static JsonObject ask(TcpClient client, Map<String, String> headers, Object body)
      throws IOException {
    return client.request(INGEST, headers, body).getJsonObject("body");
  }

  private static JsonObject accepted(JsonObject answer) {
    return answer.getJsonObject("body").getJsonArray("accepted").getJsonObject(0);
  }

  private static String code(JsonObject answer) {
    return answer.getJsonObject("body").getString("code");
  }
}
