package dev.tocsin.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus, spoken to through {@link Address}es and {@link Request}s, which stay on this node,
 * and through {@link Doorbell}s, which ring on every node.
 */
public final class Bus {
  private static final Logger log = LoggerFactory.getLogger(Bus.class);
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final EventBus bus;
  private volatile Elsewhere elsewhere = Elsewhere.NOBODY;

  private Bus(EventBus bus) {
    this.bus = bus;
  }

  /**
   * The bus of a Vert.x instance. To be made once per instance, since it teaches the bus the
   * messages.
   *
   * @param messages every record that travels, each by its exact class
   */
  public static Bus of(Vertx vertx, Set<Class<? extends BusMessage>> messages) {
    EventBus bus = vertx.eventBus();
    messages.forEach(type -> register(bus, type));
    return new Bus(bus);
  }

  private static <M extends BusMessage> void register(EventBus bus, Class<M> type) {
    bus.registerDefaultCodec(type, new SameInstanceCodec<>(type));
  }

  /** Hands a message to one consumer on this node. */
  public <M extends Record & BusMessage> void send(Address<M> address, M message) {
    bus.send(address.name(), message, LOCAL);
  }

  /** Hands a message to every consumer on this node. */
  public <M extends Record & BusMessage> void publish(Address<M> address, M message) {
    bus.publish(address.name(), message, LOCAL);
  }

  /** Tells it who has to hear doorbells besides this node. */
  public void connect(Elsewhere others) {
    elsewhere = others;
  }

  /** Rings on this node at once, and on the others soon. */
  public <M extends Record & BusMessage> void ring(Doorbell<M> doorbell, M message) {
    publish(doorbell.here(), message);
    Elsewhere others = elsewhere;
    if (!others.equals(Elsewhere.NOBODY)) {
      others.ring(doorbell, doorbell.rings().apply(message));
    }
  }

  /** Rings on this node alone, for another one that did. */
  public <M extends Record & BusMessage> void heard(Doorbell<M> doorbell, Ring ring) {
    publish(doorbell.here(), doorbell.message().apply(ring));
  }

  /** Calls the handler whenever it rings, as {@link #consume(Address, Consumer)} does. */
  public <M extends Record & BusMessage> MessageConsumer<M> consume(
      Doorbell<M> doorbell, Consumer<M> handler) {
    return consume(doorbell.here(), handler);
  }

  /** Calls the handler for every message, one at a time, on the calling verticle's context. */
  public <M extends Record & BusMessage> MessageConsumer<M> consume(
      Address<M> address, Consumer<M> handler) {
    return bus.localConsumer(address.name(), message -> handler.accept(message.body()));
  }

  /** Asks one consumer on this node; fails when nobody answers in time. */
  public <M extends Record & BusMessage, R extends BusMessage> Future<R> ask(
      Request<M, R> request, M message, Duration patience) {
    DeliveryOptions options =
        new DeliveryOptions().setLocalOnly(true).setSendTimeout(patience.toMillis());
    return bus.<R>request(request.name(), message, options).map(Message::body);
  }

  /**
   * Answers every message of a request with what the handler's future becomes. A handler that
   * throws fails the request at once, rather than by time-out.
   */
  public <M extends Record & BusMessage, R extends BusMessage> MessageConsumer<M> answer(
      Request<M, R> request, Function<M, Future<R>> handler) {
    return bus.localConsumer(
        request.name(),
        message ->
            answered(handler, message)
                .onSuccess(message::reply)
                .onFailure(failure -> message.fail(500, String.valueOf(failure.getMessage()))));
  }

  private static <M, R> Future<R> answered(Function<M, Future<R>> handler, Message<M> message) {
    try {
      return handler.apply(message.body());
    } catch (RuntimeException e) {
      log.error("a handler failed address={}", message.address(), e);
      return Future.failedFuture(e);
    }
  }
}
