package dev.tocsin.rule;

/** A comparison of two values; {@link Comparison} says what each means. */
enum Relation implements Infix {
  EQUAL(Level.EQUALITY, "=="),
  UNEQUAL(Level.EQUALITY, "!="),
  LESS(Level.ORDER, "<"),
  AT_MOST(Level.ORDER, "<="),
  MORE(Level.ORDER, ">"),
  AT_LEAST(Level.ORDER, ">=");

  private final Level level;
  private final String symbol;

  Relation(Level level, String symbol) {
    this.level = level;
    this.symbol = symbol;
  }

  @Override
  public Level level() {
    return level;
  }

  @Override
  public String symbol() {
    return symbol;
  }

  /** The relation that holds of (b, a) exactly when this one holds of (a, b). */
  Relation mirrored() {
    return switch (this) {
      case EQUAL, UNEQUAL -> this;
      case LESS -> MORE;
      case AT_MOST -> AT_LEAST;
      case MORE -> LESS;
      case AT_LEAST -> AT_MOST;
    };
  }

  /** The relation that holds of two numbers exactly when this one does not. */
  Relation negated() {
    return switch (this) {
      case EQUAL -> UNEQUAL;
      case UNEQUAL -> EQUAL;
      case LESS -> AT_LEAST;
      case AT_MOST -> MORE;
      case MORE -> AT_MOST;
      case AT_LEAST -> LESS;
    };
  }
}
