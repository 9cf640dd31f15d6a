package dev.tocsin.rule;

import org.jspecify.annotations.Nullable;

/**
 * One word of a calculation.
 *
 * @param text as written, without its quotes and with its escapes resolved
 * @param number the value of a number, {@code Long} or {@code BigDecimal}; null for the rest
 */
record Token(Kind kind, String text, @Nullable Number number, Position at) {
  /** What a token is; a word such as AND is a name until its place says that it is an operator. */
  enum Kind {
    NAME,
    NUMBER,
    TEXT,
    SYMBOL,
    END
  }

  private static final int SHOWN_MAX = 40;

  static Token of(Kind kind, String text, Position at) {
    return new Token(kind, text, null, at);
  }

  /** Whether it is this symbol, rather than a text with the same characters. */
  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** How a message calls it. */
  String shown() {
    return switch (kind) {
      case NAME, NUMBER, SYMBOL -> "'" + shortened() + "'";
      case TEXT -> "a text";
      case END -> "the end of the calculation";
    };
  }

  private String shortened() {
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "...";
  }
}
