package dev.tocsin.bus;

import java.util.Objects;

/**
 * An address whose messages are answered.
 *
 * @param name dotted, like an {@link Address}
 */
public record Request<M extends Record & BusMessage, R extends BusMessage>(
    String name, Class<M> type, Class<R> answer) {
  public Request {
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
    Objects.requireNonNull(answer);
  }

  /** The same address for one instance of the verticle that consumes it. */
  public Request<M, R> of(int instance) {
    return new Request<>(name + "." + instance, type, answer);
  }
}
