package dev.tocsin.bridge;

import dev.tocsin.api.Reception;
import dev.tocsin.api.Reception.Credentials;
import dev.tocsin.api.Reception.Reply;
import dev.tocsin.api.Reception.Visit;
import dev.tocsin.api.Reception.Wish;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers applications that are on the event bus themselves, on this node or on another of the
 * cluster. Events are sent to an address of the subscriber's own as requests, which it answers; who
 * does not, in time, is sent no more, and asks again after the last event it saw.
 */
final class Members {
  private final Bridges bridges;
  private final Vertx vertx;
  private final Context context;
  private final Set<Feed> feeds = new HashSet<>();
  private final Promise<Void> drained = Promise.promise();
  private int storing;
  private boolean stopping;

  /** For one instance, whose context everything happens on. */
  Members(Bridges bridges, Vertx vertx, Context context) {
    this.bridges = bridges;
    this.vertx = vertx;
    this.context = context;
  }

  /** Somebody sends events. */
  void ingest(Message<Object> message) {
    Reception reception = bridges.reception();
    if (stopping) {
      reply(message, reception.stopping());
      return;
    }
    Content content = content(message.body());
    if (length(content) > bridges.settings().messageBytesMax()) {
      bridges.count("frames.refused", "too_large");
      reply(message, reception.tooLarge(tooLarge()));
      return;
    }
    switch (Order.read(message.headers(), content)) {
      case Order.Reading.Malformed(String code, String text) ->
          reply(message, reception.malformed(code, text));
      case Order.Reading.Read(Order order) -> {
        storing++;
        reception
            .store(context, order.credentials(), message.headers(), order.body())
            .onSuccess(reply -> reply(message, reply))
            .onComplete(answered -> stored());
      }
    }
  }

  private void stored() {
    storing--;
    if (stopping && storing == 0) {
      drained.tryComplete();
    }
  }

  private String tooLarge() {
    return "a message may have " + bridges.settings().messageBytesMax() + " bytes at most";
  }

  private static Content content(@Nullable Object body) {
    return switch (body) {
      case String text -> new Content.Text(text);
      case Buffer bytes -> new Content.Text(bytes.toString());
      case JsonObject json -> json(json);
      case null, default -> new Content.None();
    };
  }

  private static Content json(JsonObject json) {
    try {
      return new Content.Json(json.encode().getBytes(StandardCharsets.UTF_8));
    } catch (EncodeException e) {
      return new Content.None(); // It holds something that JSON has no form for.
    }
  }

  private static int length(Content content) {
    return switch (content) {
      case Content.Json(byte[] bytes) -> bytes.length;
      case Content.Text(String text) -> text.length();
      case Content.None() -> 0;
    };
  }

  /** Somebody wants to be sent events, or notifications alone. */
  void subscribe(Message<Object> message, boolean notificationsOnly) {
    Reception reception = bridges.reception();
    JsonObject wanted = object(message.body());
    if (wanted == null) {
      reply(message, reception.malformed("malformed_body", "the body must be a JSON object"));
      return;
    }
    String version = text(wanted, "version");
    if (!Protocol.VERSION.equals(version)) {
      reply(message, reception.malformed("unsupported_version", Order.unsupported(version)));
      return;
    }
    String deliverTo = text(wanted, "deliverTo");
    if (deliverTo == null || !Protocol.DELIVER_TO.matcher(deliverTo).matches()) {
      reply(
          message,
          reception.malformed(
              "bad_address",
              "deliverTo must be tocsin.client. and 32 to 128 letters, digits, - and _"));
      return;
    }
    reception
        .follow(
            context,
            new Credentials(text(wanted, "authorization"), text(wanted, "organizationId")),
            new Wish(notificationsOnly, names(wanted.getValue("eventName")), text(wanted, "after")))
        .onSuccess(visit -> visited(message, deliverTo, visit));
  }

  private static @Nullable JsonObject object(@Nullable Object body) {
    try {
      return switch (body) {
        case JsonObject json -> json;
        case String text -> new JsonObject(text);
        case Buffer bytes -> new JsonObject(bytes);
        case null, default -> null;
      };
    } catch (DecodeException | ClassCastException e) {
      return null;
    }
  }

  private static @Nullable String text(JsonObject wanted, String name) {
    Object value = wanted.getValue(name);
    return value instanceof String || value instanceof Number ? value.toString() : null;
  }

  private static List<String> names(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case JsonArray several -> several.stream().map(String::valueOf).toList();
      default -> List.of(value.toString());
    };
  }

  private void visited(Message<Object> message, String deliverTo, Visit visit) {
    switch (visit) {
      case Visit.Refused(Reply reply) -> reply(message, reply);
      case Visit.Begun begun when stopping -> {
        begun.beginning().abandon();
        reply(message, bridges.reception().stopping());
      }
      case Visit.Begun begun -> {
        BridgeSettings settings = bridges.settings();
        long keepAliveSeconds = settings.keepAliveEvery().toSeconds();
        reply(message, Reply.success(200, "{\"keepAliveSeconds\":" + keepAliveSeconds + "}"));
        Outlet outlet = new Outlet(deliverTo);
        Feed feed =
            new Feed(
                context,
                begun.view(),
                bridges.texts(),
                settings,
                outlet,
                settings.bufferBytesMax() / settings.windowMax());
        outlet.feed = feed;
        feeds.add(feed);
        feed.begin(begun.beginning());
      }
    }
  }

  /** Tells all subscribers that the server stops. */
  void stop() {
    stopping = true;
    List.copyOf(feeds).forEach(Feed::stop);
  }

  /** Completes when what is under way was answered, or the time for it is over. */
  Future<Void> drained() {
    if (storing == 0) {
      return Future.succeededFuture();
    }
    long timer =
        vertx.setTimer(
            Math.max(1, bridges.settings().drainWithin().toMillis()),
            late -> drained.tryComplete());
    return drained.future().onComplete(answered -> vertx.cancelTimer(timer));
  }

  /** How a subscription's messages get to a member. */
  private final class Outlet implements Feed.Outlet {
    private final String deliverTo;
    private final DeliveryOptions options;
    private @Nullable Feed feed;

    Outlet(String deliverTo) {
      this.deliverTo = deliverTo;
      this.options =
          new DeliveryOptions().setSendTimeout(bridges.settings().acknowledgeWithin().toMillis());
    }

    @Override
    public Future<?> send(String message) {
      return vertx.eventBus().request(deliverTo, message, options);
    }

    @Override
    public boolean timesOut() {
      return true;
    }

    @Override
    public void end(String message, Reply why) {
      vertx.eventBus().send(deliverTo, message);
    }

    @Override
    public void stalled() {
      bridges.count("cut", "unacknowledged");
      if (feed != null) {
        feed.say(bridges.reception().unacknowledged());
      }
    }

    @Override
    public void ended() {
      feeds.remove(feed);
    }
  }

  private static void reply(Message<Object> message, Reply reply) {
    message.reply(new JsonObject(Protocol.answer(reply)));
  }
}
