package dev.tocsin.stream;

import dev.tocsin.event.StoredEvent;
import java.util.Objects;

/** An event with the transaction that stored it. */
public record Placed(StoredEvent event, long transaction) {
  public Placed {
    Objects.requireNonNull(event);
  }

  Position position() {
    return Position.of(transaction, event.id());
  }
}
