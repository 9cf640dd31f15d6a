package dev.tocsin.rule;

import dev.tocsin.catalog.EventType;
import dev.tocsin.event.Change;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A calculation that runs as closures until it has been asked often, then compiled, for as long as
 * it has a seat among the compiled.
 */
final class TieredCalculation implements ParsedCalculation {
  private final ParsedCalculation plain;
  private final Node tree;
  private final CompiledTier tier;

  private volatile @Nullable Seat seat;

  /**
   * Counted without care for other threads: a rule set is asked by one, and an evaluation that is
   * lost to another only puts off the compilation by one.
   */
  private int evaluations;

  /** The tier's period when it last asked for a seat while there was none; the tier's alone. */
  private long askedIn;

  TieredCalculation(ParsedCalculation plain, Node tree, CompiledTier tier, @Nullable Seat seat) {
    this.plain = plain;
    this.tree = tree;
    this.tier = tier;
    this.seat = seat;
  }

  @Override
  public Outcome evaluate(Change change) {
    Seat held = seat;
    if (held != null) {
      Condition compiled = held.condition();
      if (compiled != null) {
        return Calculations.outcome(compiled, change);
      }
      if (held.isLost()) {
        seat = null;
      }
    } else if (++evaluations >= tier.compileAfter()) {
      evaluations = 0;
      seat = tier.seat(this);
    }
    return plain.evaluate(change);
  }

  @Override
  public String text() {
    return plain.text();
  }

  @Override
  public Explanation explain(Change change) {
    return plain.explain(change);
  }

  @Override
  public List<Warning> warnings(EventType type) {
    return plain.warnings(type);
  }

  Node tree() {
    return tree;
  }

  /** The same, never compiled. */
  Calculation plain() {
    return plain;
  }

  long askedIn() {
    return askedIn;
  }

  void askedIn(long period) {
    askedIn = period;
  }
}
