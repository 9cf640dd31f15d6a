package dev.tocsin.rule;

/**
 * Arithmetic.
 *
 * <p>An operation's weight is how many nodes of the limit it counts as, so that the limit bounds
 * the time a calculation takes with the worst numbers its fields can hold.
 */
enum Operation implements Infix {
  ADD(Level.SUM, 4, "+"),
  SUBTRACT(Level.SUM, 4, "-"),
  MULTIPLY(Level.PRODUCT, 4, "*"),
  DIVIDE(Level.PRODUCT, 20, "/"),
  REMAINDER(Level.PRODUCT, 20, "%"),
  POWER(Level.POWER, 20, "^");

  private final Level level;
  private final int weight;
  private final String symbol;

  Operation(Level level, int weight, String symbol) {
    this.level = level;
    this.weight = weight;
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

  int weight() {
    return weight;
  }
}
