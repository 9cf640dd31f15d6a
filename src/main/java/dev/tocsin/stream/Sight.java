package dev.tocsin.stream;

import dev.tocsin.access.HiddenEvents;
import java.util.Objects;

/** How a subscriber's rights stand. */
public sealed interface Sight {
  /** He may see events, but for these. */
  record Sees(HiddenEvents hidden) implements Sight {
    public Sees {
      Objects.requireNonNull(hidden);
    }
  }

  /** It cannot be found out at the moment; until then he is shown nothing, and loses nothing. */
  record Unclear() implements Sight {}

  /** He may see none any more, and will not again. */
  record Lost() implements Sight {}
}
