package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a calculation's text into tokens, one at a time and each character once.
 *
 * <p>The alphabet is closed: ASCII names, plain decimal numbers, quoted texts and the symbols
 * below. Any other character is refused where it stands, with what was probably meant.
 */
final class Tokenizer {
  private static final Set<String> PAIRS =
      Set.of("==", "!=", "<=", ">=", "&&", "||", "**", "?.", "?:");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(?!\\d)");
  private static final String SINGLES = "<>!+-*/%^?:()[],.";

  private final String text;
  private final int literalDigitsMax;
  private int offset;
  private int line = 1;
  private int lineStart;

  /** Refuses a text over the limit before reading any of it. */
  Tokenizer(String text, CalculationLimits limits) {
    this.text = text;
    this.literalDigitsMax = limits.literalDigitsMax();
    if (text.length() > limits.lengthMax()) {
      throw new Refusal(
          here(),
          "%d characters, which is more than the %d a calculation may have"
              .formatted(text.length(), limits.lengthMax()));
    }
  }

  /** The next token; the end again and again once it is reached. */
  Token next() {
    skipBlanks();
    Position at = here();
    if (offset == text.length()) {
      return Token.of(Token.Kind.END, "", at);
    }
    char first = text.charAt(offset);
    if (isLetter(first)) {
      return name(at);
    }
    if (isDigit(first)) {
      return number(at);
    }
    return first == '"' || first == '\'' ? quoted(at) : symbol(at);
  }

  /** Offset behind the token that was read last. */
  int offset() {
    return offset;
  }

  /**
   * Whether what stands at a place was joined by a minus with a name before it, as in cost-centre.
   */
  boolean joinsName(Position at) {
    int minus = at.offset() - 1;
    return minus > 0 && text.charAt(minus) == '-' && isLetter(text.charAt(minus - 1));
  }

  private void skipBlanks() {
    for (; offset < text.length(); offset++) {
      char c = text.charAt(offset);
      if (c == '\n' || (c == '\r' && peek(1) != '\n')) {
        line++;
        lineStart = offset + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  private Token name(Position at) {
    int start = offset;
    while (isLetter(peek(0)) || isDigit(peek(0))) {
      offset++;
    }
    return Token.of(Token.Kind.NAME, text.substring(start, offset), at);
  }

  private Token number(Position at) {
    refuseDate(at);
    int start = offset;
    int digits = skipDigits();
    if (peek(0) == '.') {
      offset++;
      int decimals = skipDigits();
      if (decimals == 0) {
        throw new Refusal(here(), "a digit must follow the decimal point");
      }
      digits += decimals;
    }
    if (isLetter(peek(0))) {
      throw letterBehind(at);
    }
    if (digits > literalDigitsMax) {
      throw new Refusal(
          at, "a number of %d digits; the most is %d".formatted(digits, literalDigitsMax));
    }
    String written = text.substring(start, offset);
    if (written.length() > 1 && written.charAt(0) == '0' && written.charAt(1) != '.') {
      throw new Refusal(
          at,
          "a number may not begin with a zero before other digits, and has no thousands separators"
              + " or blanks in it");
    }
    return new Token(Token.Kind.NUMBER, written, Comparison.canonical(new BigDecimal(written)), at);
  }

  /** It would be two subtractions, which nobody means. */
  private void refuseDate(Position at) {
    Matcher date = DATE.matcher(text).region(offset, text.length());
    if (date.lookingAt()) {
      throw new Refusal(at, "a date is written in quotes: \"%s\"".formatted(date.group()));
    }
  }

  private Refusal letterBehind(Position number) {
    if (number.offset() > 0 && text.charAt(number.offset() - 1) == '.') {
      return new Refusal(number, "a field's name that begins with a digit is put in quotes");
    }
    Position letter = here();
    Token word = name(letter);
    return new Refusal(
        letter,
        Elsewhere.isOperator(word.text())
            ? "a blank must stand between a number and " + word.shown()
            : "a number is written with digits and one point only, without '%c'"
                .formatted(word.text().charAt(0)));
  }

  private int skipDigits() {
    int start = offset;
    while (isDigit(peek(0))) {
      offset++;
    }
    return offset - start;
  }

  private Token quoted(Position at) {
    char quote = text.charAt(offset++);
    StringBuilder content = new StringBuilder();
    while (peek(0) != quote) {
      if (offset == text.length() || peek(0) == '\n' || peek(0) == '\r') {
        throw new Refusal(
            here(),
            "the text that begins at %s has no closing %c on its line".formatted(at, quote));
      }
      if (quote == '"' && peek(0) == '$' && peek(1) == '{') {
        throw new Refusal(
            here(), "nothing is filled in for ${...}; join texts with +, or use single quotes");
      }
      content.appendCodePoint(peek(0) == '\\' ? escape() : plain());
    }
    offset++;
    return Token.of(Token.Kind.TEXT, content.toString(), at);
  }

  private int escape() {
    Position at = here();
    char escaped = peek(1);
    offset += 2;
    return switch (escaped) {
      case '\\', '"', '\'' -> escaped;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode(at);
      default ->
          throw new Refusal(
              at, "after a backslash, one of \\ \" ' n r t and u with four hexadecimal digits");
    };
  }

  private int unicode(Position at) {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = peek(0) < 128 ? Character.digit(peek(0), 16) : -1;
      if (digit < 0) {
        throw new Refusal(at, "\\u needs four hexadecimal digits");
      }
      unit = unit * 16 + digit;
      offset++;
    }
    return unit;
  }

  /** A character that stands for itself: one that its author and a reviewer can see. */
  private int plain() {
    int c = text.codePointAt(offset);
    if (!Characters.isVisible(c)) {
      throw new Refusal(
          here(), Characters.name(c) + " can't be seen in a text; write it as an escape");
    }
    offset += Character.charCount(c);
    return c;
  }

  private Token symbol(Position at) {
    String foreign = Elsewhere.symbol(text, offset);
    if (foreign != null) {
      throw new Refusal(at, foreign);
    }
    if (offset + 1 < text.length() && PAIRS.contains(text.substring(offset, offset + 2))) {
      offset += 2;
      return Token.of(Token.Kind.SYMBOL, text.substring(offset - 2, offset), at);
    }
    char c = text.charAt(offset);
    boolean doubled = (c == '+' || c == '-') && peek(1) == c;
    if (doubled || SINGLES.indexOf(c) < 0) {
      throw new Refusal(at, Characters.unknown(text, offset));
    }
    offset++;
    return Token.of(Token.Kind.SYMBOL, String.valueOf(c), at);
  }

  private Position here() {
    return new Position(line, offset - lineStart + 1, offset);
  }

  /** The character so far ahead; behind the end one that is nowhere allowed. */
  private char peek(int ahead) {
    return offset + ahead < text.length() ? text.charAt(offset + ahead) : '\0';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
