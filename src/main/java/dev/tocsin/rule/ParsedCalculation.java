package dev.tocsin.rule;

import dev.tocsin.event.Change;

/** A calculation that knows the text it was read from part by part, and can be asked about it. */
public interface ParsedCalculation extends Calculation {
  /**
   * Why it says of a change what it says. Computed anew by going through the calculation part by
   * part, many times as slow as {@link #evaluate}; it never throws either.
   */
  Explanation explain(Change change);
}
