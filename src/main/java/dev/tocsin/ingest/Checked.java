package dev.tocsin.ingest;

import dev.tocsin.event.IncomingEvent;
import java.util.Objects;

/** What checking an item's content came to. */
public sealed interface Checked {
  /** It is an event. */
  record Good(IncomingEvent event) implements Checked {
    public Good {
      Objects.requireNonNull(event);
    }
  }

  /**
   * It is not; the reason goes to the client and into the failure event.
   *
   * @param code stable, for programs
   * @param pointer where in the item (RFC 6901)
   */
  record Bad(String code, String pointer, String message) implements Checked {
    public Bad {
      Objects.requireNonNull(code);
      Objects.requireNonNull(pointer);
      Objects.requireNonNull(message);
    }
  }
}
