package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import java.util.Objects;

/** What a commit made of one event. */
public sealed interface Verdict {
  /** It is durable. */
  record Stored() implements Verdict {}

  /** It was judged by rules that are no longer current, and has to be judged by those that are. */
  record StaleRules() implements Verdict {}

  /**
   * It was judged by current rules, over a state of its entity that is no longer the latest, and
   * has to be judged again.
   */
  record StaleState() implements Verdict {}

  /** Its key was used before, by this event. */
  record Duplicate(EventId first) implements Verdict {
    public Duplicate {
      Objects.requireNonNull(first);
    }
  }
}
