package dev.tocsin.ingest;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What reading a request's body came to. */
sealed interface BatchReading {
  /** It has the form of a request; a batch of CloudEvents may be empty. */
  record Items(List<RawItem> items) implements BatchReading {
    public Items {
      items = List.copyOf(items);
    }
  }

  /**
   * It has not.
   *
   * @param pointer where in the body (RFC 6901), if it could be read that far
   */
  record Malformed(String message, @Nullable String pointer) implements BatchReading {
    public Malformed {
      Objects.requireNonNull(message);
    }
  }

  /** It holds more than one request may. */
  record TooLarge(String message) implements BatchReading {
    public TooLarge {
      Objects.requireNonNull(message);
    }
  }
}
