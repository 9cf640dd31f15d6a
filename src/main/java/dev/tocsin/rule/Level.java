package dev.tocsin.rule;

/** How tightly an operator binds, loosest first. */
enum Level {
  /** {@code ? :} and {@code ?:}, which group to the right. */
  CHOICE,
  OR,
  AND,
  /** The word NOT, so that {@code NOT a == b} negates the comparison, as in SQL. */
  NOT,
  /** {@code == !=}, which do not chain. */
  EQUALITY,
  /** {@code < <= > >= in}, which do not chain. */
  ORDER,
  SUM,
  PRODUCT,
  /** {@code + - !} before a value. */
  SIGN,
  /** {@code ^}, which groups to the right and binds tighter than a sign: -2^2 is -4. */
  POWER;

  /** The next tighter one, for the right side of an operator that groups to the left. */
  Level tighter() {
    return switch (this) {
      case CHOICE -> OR;
      case OR -> AND;
      case AND -> NOT;
      case NOT -> EQUALITY;
      case EQUALITY -> ORDER;
      case ORDER -> SUM;
      case SUM -> PRODUCT;
      case PRODUCT -> SIGN;
      case SIGN, POWER -> POWER;
    };
  }
}
