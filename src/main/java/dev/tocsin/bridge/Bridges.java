package dev.tocsin.bridge;

import dev.tocsin.api.Reception;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import java.util.Objects;

/** What all connections of a node share, above all the bounds. Thread-safe. */
public final class Bridges {
  private final Reception reception;
  private final BridgeSettings settings;
  private final MeterRegistry meters;
  private final Seats seats;
  private final EventTexts texts = new EventTexts();

  /** No connections yet. */
  public Bridges(Reception reception, BridgeSettings settings, MeterRegistry meters) {
    this.reception = Objects.requireNonNull(reception);
    this.settings = Objects.requireNonNull(settings);
    this.meters = Objects.requireNonNull(meters);
    this.seats = new Seats(settings, meters);
  }

  Reception reception() {
    return reception;
  }

  BridgeSettings settings() {
    return settings;
  }

  Seats seats() {
    return seats;
  }

  EventTexts texts() {
    return texts;
  }

  /** Counts something that was refused of a client, or why one was cut off. */
  void count(String what, String reason) {
    meters.counter("tocsin.bus." + what, "reason", reason).increment();
  }

  /** A connection that has just been made; called on its context. */
  Connection connect(Wire wire, Context context) {
    Connection connection = new Connection(this, wire, context);
    connection.open();
    return connection;
  }
}
