package dev.tocsin.rule;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/**
 * A pattern that a whole text is compared with, in RE2's language: no pattern takes more time than
 * in proportion to its own size times the text's.
 *
 * @param source as its author wrote it
 */
record TextPattern(String source, Pattern pattern) {
  /** Each instruction may take some nanoseconds for each character of the longest text. */
  private static final int WEIGHT_OF_AN_INSTRUCTION = 60;

  /** The same without a loop: such a pattern fits no text that is longer than itself. */
  private static final int WEIGHT_WITHOUT_LOOP = 20;

  private static final List<String> LOOPS = List.of("*", "+", ",}");

  private static final int SOURCE_LENGTH_MAX = 200;

  /**
   * Reads a pattern.
   *
   * @throws Refusal when it is none, or has what RE2 leaves out: backreferences and look-around
   */
  static TextPattern of(String source, Position at) {
    if (source.length() > SOURCE_LENGTH_MAX) {
      throw new Refusal(
          at, "a pattern may have %d characters at most".formatted(SOURCE_LENGTH_MAX));
    }
    String flaw = PatternGuard.flawOf(source);
    if (flaw != null) {
      throw new Refusal(at, "the pattern cannot be used: " + flaw);
    }
    try {
      return new TextPattern(source, Pattern.compile(source));
    } catch (PatternSyntaxException e) {
      throw new Refusal(at, "the pattern cannot be read: " + reason(e));
    }
  }

  /** RE2/J takes a parenthesis too many for a mistake of its own. */
  private static String reason(PatternSyntaxException e) {
    return e.getDescription().startsWith("regexp/syntax: internal error")
        ? "missing opening ("
        : e.getDescription();
  }

  /** How many nodes of the limit it counts as. */
  int weight() {
    return Math.multiplyExact(
        pattern.programSize(), mayLoop() ? WEIGHT_OF_AN_INSTRUCTION : WEIGHT_WITHOUT_LOOP);
  }

  private boolean mayLoop() {
    return LOOPS.stream().anyMatch(source::contains);
  }

  boolean fits(String text) {
    return pattern.matches(text);
  }
}
