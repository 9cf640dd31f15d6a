package dev.tocsin.rule;

/** The operators that join more than two operands, or that need not evaluate them all. */
enum Joint implements Infix {
  CHOICE(Level.CHOICE, "?"),
  FALLBACK(Level.CHOICE, "?:"),
  OR(Level.OR, "OR"),
  AND(Level.AND, "AND"),
  IN(Level.ORDER, "in");

  private final Level level;
  private final String symbol;

  Joint(Level level, String symbol) {
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
}
