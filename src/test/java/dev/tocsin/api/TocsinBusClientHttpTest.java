package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Category;
import dev.tocsin.example.TocsinBusClient;
import dev.tocsin.example.TocsinBusClient.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example for members of a cluster, of whose events each has to be handled once. */
class TocsinBusClientHttpTest {
  private static final String EVENTS = "tocsin.events";

  /** A node that falls silent is missed after two of these seconds. */
  private final BusFixture bus =
      new BusFixture(BusFixture.settings(1 << 20, Duration.ofSeconds(1)));

  private final TocsinBusClient client =
      new TocsinBusClient(bus.api.vertx, () -> Future.succeededFuture(bus.api.token(ACME)));
  private final LinkedBlockingQueue<String> handled = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void it_sends_events_and_is_shown_them() throws InterruptedException {
    String first = bus.addProduct("{}");
    follow(EVENTS, first);
    JsonObject answer =
        ApiFixture.await(
            client.ingest(
                json("{'eventName':'configuration.plan.created','new':{'id':'p','n':1.10}}")));

    assertThat(answer.getInteger("status")).isEqualTo(200);
    assertThat(next())
        .isEqualTo(
            answer.getJsonObject("body").getJsonArray("accepted").getJsonObject(0).getString("id"));
  }

  @Test
  void it_can_ask_for_notifications_alone() throws InterruptedException {
    follow("tocsin.notifications", bus.addProduct("{}"));
    bus.addProduct("{}");
    String id = bus.add(ACME, "notification.n", Category.NOTIFICATION, "{}");

    assertThat(next()).isEqualTo(id);
  }

  @Test
  void it_goes_on_where_it_was_when_messages_are_lost_or_the_handler_fails()
      throws InterruptedException {
    // By chance: every fifth would be the first of each attempt, whenever an attempt has ten.
    Random random = new Random(1);
    bus.api
        .vertx
        .eventBus()
        .addOutboundInterceptor(delivery -> {
          boolean isLost =
              delivery.message().address().startsWith("tocsin.client.") && random.nextInt(5) == 0;
          if (!isLost) {
            delivery.next();
          }
        });
    String first = bus.addProduct("{}");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(bus.addProduct("{}"));
    }
    AtomicInteger shown = new AtomicInteger();
    client.subscribe(
        EVENTS,
        ACME.organization().toString(),
        first,
        event ->
            shown.incrementAndGet() == 3
                ? Future.failedFuture("not now")
                : handle(event.getString("id")));

    assertThat(next(12)).isEqualTo(all);
  }

  @Test
  void it_goes_on_with_another_node_and_a_new_token() throws InterruptedException {
    String first = bus.addProduct("{}");
    follow(EVENTS, first);
    String second = bus.addProduct("{}");
    assertThat(next()).isEqualTo(second);
    bus.api.advance(Duration.ofHours(5));
    bus.await(() -> bus.counted("tocsin.stream.ended", "reason", "rights_lost") == 1);
    String third = bus.addProduct("{}");
    assertThat(next()).isEqualTo(third);

    bus.stopMembers();
    String fourth = bus.addProduct("{}");
    bus.startMembers();
    String fifth = bus.addProduct("{}");
    assertThat(next(2)).containsExactly(fourth, fifth);
  }

  @Test
  void it_says_what_refused_it_and_can_be_closed() throws InterruptedException {
    Subscription refused =
        client.subscribe(EVENTS, BOLT.organization().toString(), null, event -> handle("never"));
    assertThat(ApiFixture.await(refused.refused()).getInteger("status")).isEqualTo(403);

    Subscription closed = follow(EVENTS, bus.addProduct("{}"));
    String id = bus.addProduct("{}");
    assertThat(next()).isEqualTo(id);
    closed.close();
    bus.addProduct("{}");
    bus.await(() -> bus.gauge("tocsin.stream.open") == 0);
    assertThat(handled).isEmpty();
  }

  private Subscription follow(String address, @Nullable String after) {
    return client.subscribe(
        address, ACME.organization().toString(), after, event -> handle(event.getString("id")));
  }

  private Future<?> handle(String id) {
    handled.add(id);
    return Future.succeededFuture();
  }

  private String next() throws InterruptedException {
    return Objects.requireNonNull(handled.poll(20, TimeUnit.SECONDS), "no event came");
  }

  private List<String> next(int count) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      ids.add(next());
    }
    return ids;
  }
}
