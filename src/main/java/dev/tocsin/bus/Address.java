package dev.tocsin.bus;

import java.util.Objects;

/**
 * An address of the bus and the record that travels to it, within one node: work that is handed
 * over. What every node has to hear is a {@link Doorbell}.
 *
 * @param name dotted, {@code noun.past-participle} for facts and {@code noun.due} for what is to be
 *     done
 */
public record Address<M extends Record & BusMessage>(String name, Class<M> type) {
  public Address {
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
  }

  /** The same address for one instance of the verticle that consumes it. */
  public Address<M> of(int instance) {
    return new Address<>(name + "." + instance, type);
  }
}
