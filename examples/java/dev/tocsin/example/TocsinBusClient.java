package dev.tocsin.example;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tocsin for an application that is in the same Vert.x cluster: copy this file, it needs nothing
 * but Vert.x. The forms and errors are in Tocsin's {@code docs/bus.md}.
 */
public final class TocsinBusClient {
  private static final long PAUSE_MILLIS = 1_000;

  /**
   * How long a request for events is waited for; Vert.x waits 30 s. One that a node took along when
   * it died may have been stored all the same, but events that have ids are stored once, so sending
   * it again is safe and waiting longer tells nothing.
   */
  private static final long ANSWER_MILLIS_MAX = 10_000;

  private final Vertx vertx;
  private final Supplier<Future<String>> token;

  /**
   * A client.
   *
   * @param token asked whenever one is needed; answers one that is still good for a while
   */
  public TocsinBusClient(Vertx vertx, Supplier<Future<String>> token) {
    this.vertx = vertx;
    this.token = token;
  }

  /**
   * Sends events.
   *
   * @param batch JSON text: one event, or {@code {"events": […]}}; as text it loses no digits
   * @return what HTTP would answer: {@code {"status", "headers", "body"}}. After 429, 503 or a
   *     failure the same is sent again later; events that have ids are stored once
   */
  public Future<JsonObject> ingest(String batch) {
    DeliveryOptions options =
        new DeliveryOptions().addHeader("version", "1").setSendTimeout(ANSWER_MILLIS_MAX);
    return token
        .get()
        .map(current -> options.addHeader("authorization", "Bearer " + current))
        .compose(own -> vertx.eventBus().<JsonObject>request("tocsin.ingest", batch, own))
        .map(Message::body);
  }

  /**
   * Subscribes to an organization's events. Each is shown once and in order, whatever node it comes
   * from: when messages are lost, or a node stops or dies, it goes on after the last event that was
   * handled.
   *
   * @param address {@code tocsin.events}, or {@code tocsin.notifications} for those alone
   * @param organizationId the token's
   * @param after the id of the event to go on after; null for what is stored from now on
   * @param handler is shown events as {@code GET …/events/{id}} has them, the next when its future
   *     completes; if that fails, the event is shown again
   */
  public Subscription subscribe(
      String address,
      String organizationId,
      String after,
      Function<JsonObject, Future<?>> handler) {
    JsonObject wish = new JsonObject().put("version", 1).put("after", after);
    wish.put("organizationId", organizationId);
    Subscription subscription = new Subscription(address, wish, handler);
    subscription.context.runOnContext(nothing -> subscription.open());
    return subscription;
  }

  /** One subscription; it does everything on a context of its own. */
  public final class Subscription {
    private final Context context = vertx.getOrCreateContext();
    private final Promise<JsonObject> refused = Promise.promise();
    private final String address;
    private final JsonObject wish;
    private final Function<JsonObject, Future<?>> handler;
    private Attempt attempt;
    private boolean closed;

    private Subscription(
        String address, JsonObject wish, Function<JsonObject, Future<?>> handler) {
      this.address = address;
      this.wish = wish;
      this.handler = handler;
    }

    private void open() {
      if (!closed) {
        attempt = new Attempt();
        attempt.open();
      }
    }

    /** Completes with the answer that refused it for good: a 400, 403 or 404. */
    public Future<JsonObject> refused() {
      return refused.future();
    }

    /** Ends it; the node notices with its next message. */
    public void close() {
      context.runOnContext(nothing -> {
        closed = true;
        attempt.close();
      });
    }

    private <T> Future<T> here(Future<T> elsewhere) {
      Promise<T> here = Promise.promise();
      elsewhere.onComplete((value, failure) ->
          context.runOnContext(nothing -> here.complete(value, failure)));
      return here.future();
    }

    /** One try, at an address that nobody else can guess. */
    private final class Attempt {
      private final String deliverTo = "tocsin.client." + UUID.randomUUID();
      private MessageConsumer<String> consumer;
      private Future<?> work = Future.succeededFuture();
      private long expected = 1;
      private long silentMillisMax = 60_000;
      private long silence = -1;
      private boolean over;

      void open() {
        consumer = vertx.eventBus().consumer(deliverTo, this::take);
        here(consumer.completion().compose(ready -> token.get()))
            .map(current -> wish.put("authorization", "Bearer " + current))
            .compose(own ->
                vertx.eventBus().<JsonObject>request(address, own.put("deliverTo", deliverTo)))
            .onSuccess(answer -> answered(answer.body()))
            .onFailure(nobody -> again());
      }

      private void answered(JsonObject answer) {
        int status = answer.getInteger("status");
        if (status == 200) {
          silentMillisMax = 2_000L * answer.getJsonObject("body").getLong("keepAliveSeconds");
          heard();
        } else if (status == 429 || status == 503) {
          again();
        } else {
          close();
          refused.tryComplete(answer);
        }
      }

      /** The node speaks from time to time while it is there. */
      private void heard() {
        vertx.cancelTimer(silence);
        silence = vertx.setTimer(silentMillisMax, timer -> again());
      }

      /** Messages are handled in their order; each is acknowledged when it has been. */
      private void take(Message<String> message) {
        heard();
        work = work.compose(before -> handle(message)).onFailure(lost -> again());
      }

      private Future<?> handle(Message<String> message) {
        JsonObject body = new JsonObject(message.body());
        String type = body.getString("type");
        if (over || type.equals("end")) {
          return Future.failedFuture("it is over");
        }
        if (body.getLong("sequence") != (type.equals("event") ? expected : expected - 1)) {
          return Future.failedFuture("a message before this one was lost");
        }
        if (!type.equals("event")) {
          message.reply(null);
          return Future.succeededFuture();
        }
        JsonObject event = body.getJsonObject("event");
        return here(handler.apply(event)).onSuccess(done -> {
          expected++;
          wish.put("after", event.getString("id"));
          message.reply(null);
        });
      }

      private void again() {
        if (!over) {
          close();
          vertx.setTimer(PAUSE_MILLIS, timer -> Subscription.this.open());
        }
      }

      void close() {
        over = true;
        vertx.cancelTimer(silence);
        consumer.unregister();
      }
    }
  }
}
