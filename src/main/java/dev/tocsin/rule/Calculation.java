package dev.tocsin.rule;

import dev.tocsin.event.Change;

/** A rule's condition, checked and ready to run; any thread may run it. */
public interface Calculation {
  /**
   * What the calculation says of a change. A pure function, which never throws: whatever a field
   * holds leads to one of the three outcomes.
   */
  Outcome evaluate(Change change);

  /** The text it was parsed from, as its author wrote it. */
  String text();
}
