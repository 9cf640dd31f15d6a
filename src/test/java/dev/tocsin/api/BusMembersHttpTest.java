package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.bridge.BridgeSettings;
import dev.tocsin.event.Category;
import dev.tocsin.flow.Flow;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusMembersHttpTest {
  private static final String EVENTS = "tocsin.events";
  private static final String PRODUCT =
      json("{'eventName':'configuration.product.created','new':{'id':'p','price':1.2300}}");

  private BusFixture bus = new BusFixture();
  private final LinkedBlockingQueue<Message<String>> messages = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    bus.close();
  }

  private void restart(int windowMax, Duration acknowledgeWithin, Duration keepAliveEvery) {
    bus.close();
    bus =
        new BusFixture(
            new BridgeSettings(
                10,
                10,
                10,
                64 << 10,
                10,
                Duration.ofMinutes(1),
                1 << 20,
                windowMax,
                acknowledgeWithin,
                keepAliveEvery,
                Duration.ofSeconds(5)));
  }

  @Test
  void events_come_as_text_as_bytes_or_in_an_object() {
    DeliveryOptions options =
        new DeliveryOptions().addHeader("version", "1").addHeader("authorization", bearer());
    JsonObject object =
        new JsonObject()
            .put("version", 1)
            .put("authorization", bearer())
            .put("eventName", "configuration.product.created")
            .put("new", new JsonObject().put("id", "p").put("price", new BigDecimal("1.2300")));
    for (JsonObject answer :
        List.of(
            ask("tocsin.ingest", PRODUCT, options),
            ask("tocsin.ingest", Buffer.buffer(PRODUCT), options),
            ask("tocsin.ingest", object, new DeliveryOptions()))) {
      assertThat(answer.getInteger("version")).isEqualTo(1);
      assertThat(answer.getInteger("status")).isEqualTo(200);
      String id =
          answer.getJsonObject("body").getJsonArray("accepted").getJsonObject(0).getString("id");
      assertThat(new ApiClient(bus.api, ACME).get("events/" + id).bodyAsString())
          .contains("1.2300");
    }
  }

  @Test
  void whatever_else_comes_is_answered_too() {
    restart(256, Duration.ofSeconds(10), Duration.ofSeconds(15));
    DeliveryOptions none = new DeliveryOptions();
    assertRefused(ask("tocsin.ingest", 7, none), 400, "malformed_body");
    assertRefused(ask("tocsin.ingest", null, none), 400, "malformed_body");
    assertRefused(ask("tocsin.ingest", PRODUCT, none), 400, "unsupported_version");
    assertRefused(ask("tocsin.ingest", "x".repeat(70_000), none), 413, "too_large");
    assertThat(bus.counted("tocsin.bus.frames.refused", "reason", "too_large")).isEqualTo(1);
    assertRefused(ask(EVENTS, 7, none), 400, "malformed_body");
    assertRefused(ask(EVENTS, "[]", none), 400, "malformed_body");
    assertRefused(ask(EVENTS, "{", none), 400, "malformed_body");
    assertRefused(ask(EVENTS, new JsonObject(), none), 400, "unsupported_version");
    assertRefused(ask(EVENTS, wish(address()).put("version", 2), none), 400, "unsupported_version");
    assertRefused(ask(EVENTS, wish(address()).put("authorization", 7), none), 403, "missing_token");
    assertRefused(
        ask(EVENTS, wish(address()).put("organizationId", BOLT.organization().toString()), none),
        403,
        "wrong_organization");
    assertRefused(ask(EVENTS, wish(address()).put("after", "7"), none), 400, "bad_parameter");
    assertRefused(
        ask(EVENTS, wish(address()).put("after", bus.api.ids.next().toString()), none),
        404,
        "not_found");
  }

  /** Or anybody with a token could have the server speak to what is not for him. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "body.received",
        "tocsin.ingest",
        "tocsin.client.short",
        "tocsin.client.0123456789012345678901234567890.",
        "tocsin.clients.01234567890123456789012345678901"
      })
  void events_are_delivered_to_addresses_of_clients_alone(String deliverTo) {
    JsonObject answer = ask(EVENTS, wish(deliverTo), new DeliveryOptions());
    assertRefused(answer, 400, "bad_address");
    assertThat(bus.gauge("tocsin.stream.open")).isZero();
  }

  @Test
  void events_are_numbered_requests_that_the_subscriber_answers() throws InterruptedException {
    JsonObject answer = ask(EVENTS, wish(listen()), new DeliveryOptions());
    assertThat(answer.getInteger("status")).isEqualTo(200);
    assertThat(answer.getJsonObject("body").getInteger("keepAliveSeconds")).isEqualTo(15);
    List<String> ids = List.of(bus.addProduct("{\"a\":1.0}"), bus.addProduct("{}"));

    for (int i = 0; i < ids.size(); i++) {
      Message<String> message = next();
      JsonObject body = new JsonObject(message.body());
      assertThat(body.getString("type")).isEqualTo("event");
      assertThat(body.getInteger("sequence")).isEqualTo(i + 1);
      assertThat(message.body())
          .contains(new ApiClient(bus.api, ACME).get("events/" + ids.get(i)).bodyAsString());
      message.reply(null);
    }
  }

  @Test
  void notifications_alone_and_names_can_be_asked_for() throws InterruptedException {
    ask(
        "tocsin.notifications",
        wish(listen()).put("eventName", new JsonArray().add("notification.b")),
        new DeliveryOptions());
    bus.addProduct("{}");
    bus.add(ACME, "notification.a", Category.NOTIFICATION, "{}");
    String id = bus.add(ACME, "notification.b", Category.NOTIFICATION, "{}");

    assertThat(new JsonObject(next().body()).getJsonObject("event").getString("id")).isEqualTo(id);
  }

  @Test
  void only_so_many_messages_wait_for_a_subscriber_and_the_rest_follows()
      throws InterruptedException {
    restart(4, Duration.ofSeconds(20), Duration.ofSeconds(15));
    ask(EVENTS, wish(listen()), new DeliveryOptions());
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(bus.addProduct("{}"));
    }
    bus.await(() -> bus.api.meters.get("tocsin.stream.overflow").counter().count() >= 1);
    bus.await(() -> messages.size() == 4);

    List<String> got = new ArrayList<>();
    while (got.size() < all.size()) {
      Message<String> message = next();
      got.add(new JsonObject(message.body()).getJsonObject("event").getString("id"));
      assertThat(messages).hasSizeLessThan(4);
      message.reply(null);
    }
    assertThat(got).isEqualTo(all);
  }

  @Test
  void who_does_not_acknowledge_is_told_that_it_is_over() throws InterruptedException {
    restart(256, Duration.ofSeconds(1), Duration.ofSeconds(15));
    ask(EVENTS, wish(listen()), new DeliveryOptions());
    bus.addProduct("{}");
    next();

    JsonObject end = new JsonObject(next().body());
    assertThat(end.getString("type")).isEqualTo("end");
    assertRefused(end, 503, "unavailable");
    bus.await(() -> bus.gauge("tocsin.stream.open") == 0);
    assertThat(bus.counted("tocsin.bus.cut", "reason", "unacknowledged")).isEqualTo(1);
  }

  @Test
  void a_silent_subscription_says_that_it_is_there_and_ends_when_its_subscriber_is_gone()
      throws InterruptedException {
    restart(256, Duration.ofSeconds(10), Duration.ofMillis(100));
    String deliverTo = address();
    var consumer = bus.api.vertx.eventBus().<String>consumer(deliverTo, messages::add);
    ask(EVENTS, wish(deliverTo), new DeliveryOptions());
    Message<String> alive = next();
    assertThat(new JsonObject(alive.body()))
        .isEqualTo(new JsonObject(json("{'version':1,'type':'alive','sequence':0}")));

    ApiFixture.await(consumer.unregister());
    alive.reply(null);
    bus.await(() -> bus.gauge("tocsin.stream.open") == 0);
  }

  @Test
  void a_token_that_expires_and_a_node_that_stops_end_subscriptions() throws InterruptedException {
    ask(EVENTS, wish(listen()), new DeliveryOptions());
    bus.api.advance(Duration.ofHours(5));
    assertRefused(new JsonObject(next().body()), 403, "expired_token");

    ask(EVENTS, wish(listen()), new DeliveryOptions());
    bus.stop();
    JsonObject end = new JsonObject(next().body());
    assertThat(end.getString("type")).isEqualTo("end");
    assertRefused(end, 503, "stopping");
  }

  @Test
  void a_node_that_stops_takes_nothing_new_and_answers_what_it_has_first() throws Exception {
    CompletableFuture<DeliveryContext<?>> held = new CompletableFuture<>();
    bus.api
        .vertx
        .eventBus()
        .addOutboundInterceptor(delivery -> {
          if (!delivery.message().address().equals(Flow.EVENTS_ACCEPTED.of(0).name())
              || !held.complete(delivery)) {
            delivery.next();
          }
        });
    DeliveryOptions options =
        new DeliveryOptions().addHeader("version", "1").addHeader("authorization", bearer());
    Future<Message<JsonObject>> asked =
        bus.api.vertx.eventBus().request("tocsin.ingest", PRODUCT, options);
    DeliveryContext<?> storing = held.get(20, TimeUnit.SECONDS);

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(bus::stopMembers);
    Future<Message<JsonObject>> refused;
    do {
      refused = bus.api.vertx.eventBus().request("tocsin.ingest", PRODUCT, options);
      bus.await(refused::isComplete);
    } while (refused.succeeded());
    assertThat(stopped).isNotDone();
    storing.next();
    assertThat(ApiFixture.await(asked).body().getInteger("status")).isEqualTo(200);
    stopped.get(20, TimeUnit.SECONDS);
  }

  private static void assertRefused(JsonObject answer, int status, String code) {
    assertThat(answer.getInteger("status")).isEqualTo(status);
    assertThat(answer.getJsonObject("body").getString("code")).isEqualTo(code);
  }

  private String bearer() {
    return "Bearer " + bus.api.token(ACME);
  }

  private static String address() {
    return "tocsin.client." + UUID.randomUUID();
  }

  private String listen() {
    String deliverTo = address();
    bus.api.vertx.eventBus().<String>consumer(deliverTo, messages::add);
    return deliverTo;
  }

  private JsonObject wish(String deliverTo) {
    return new JsonObject()
        .put("version", 1)
        .put("authorization", bearer())
        .put("organizationId", ACME.organization().toString())
        .put("deliverTo", deliverTo);
  }

  private JsonObject ask(String address, @Nullable Object body, DeliveryOptions options) {
    return ApiFixture.await(bus.api.vertx.eventBus().<JsonObject>request(address, body, options))
        .body();
  }

  private Message<String> next() throws InterruptedException {
    return Objects.requireNonNull(messages.poll(20, TimeUnit.SECONDS), "no message came");
  }
}
