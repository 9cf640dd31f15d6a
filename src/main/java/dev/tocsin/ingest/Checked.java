package dev.tocsin.ingest;

import dev.tocsin.event.EventName;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.spelling.Nearest;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
   * @param meant the event type that was probably meant by the name, which not everybody may know
   *     of; null when nobody can say
   */
  record Bad(String code, String pointer, String message, @Nullable EventName meant)
      implements Checked {
    /** A reason that says all. */
    public Bad(String code, String pointer, String message) {
      this(code, pointer, message, null);
    }

    public Bad {
      Objects.requireNonNull(code);
      Objects.requireNonNull(pointer);
      Objects.requireNonNull(message);
    }

    /** The message with what was probably meant. */
    public String fullMessage() {
      return message + Nearest.suggestion(Optional.ofNullable(meant).map(EventName::value));
    }
  }
}
