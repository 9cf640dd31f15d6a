package dev.tocsin.rule;

import dev.tocsin.catalog.EventType;
import dev.tocsin.event.Change;
import java.util.List;

/** A calculation that knows the text it was read from part by part, and can be asked about it. */
public interface ParsedCalculation extends Calculation {
  /**
   * Why it says of a change what it says. Computed anew by going through the calculation part by
   * part, many times as slow as {@link #evaluate}; it never throws either.
   */
  Explanation explain(Change change);

  /**
   * What is probably a mistake when it is evaluated on events of a type. Nothing is certain: what
   * is known of an entity's fields may be less than what it has.
   */
  List<Warning> warnings(EventType type);
}
