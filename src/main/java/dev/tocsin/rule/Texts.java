package dev.tocsin.rule;

/**
 * What the functions of texts mean. A text has Unicode characters; capitals are told from small
 * letters as Unicode does for no language in particular.
 */
final class Texts {
  // Named here so that their tables are made when the first text is read, not by the first event.
  private final LetterCase lower = LetterCase.LOWER;
  private final LetterCase upper = LetterCase.UPPER;

  private final int textMax;
  private final int patternTextMax;

  Texts(CalculationLimits limits) {
    textMax = limits.textMax();
    patternTextMax = limits.patternTextMax();
  }

  Object lower(Object value) {
    return lower.of(text("lower", value), "lower", textMax);
  }

  Object upper(Object value) {
    return upper.of(text("upper", value), "upper", textMax);
  }

  /** Without the blanks around it. */
  Object trim(Object value) {
    return text("trim", value).strip();
  }

  Object length(Object value) {
    String text = text("length", value);
    return (long) text.codePointCount(0, text.length());
  }

  Object contains(Object value, Object part) {
    return Search.contains(text("contains", value), text("contains", part));
  }

  Object startsWith(Object value, Object part) {
    return text("startsWith", value).startsWith(text("startsWith", part));
  }

  Object endsWith(Object value, Object part) {
    return text("endsWith", value).endsWith(text("endsWith", part));
  }

  boolean matches(Object value, TextPattern pattern) {
    return pattern.fits(text("matches", value, patternTextMax));
  }

  private String text(String function, Object value) {
    return text(function, value, textMax);
  }

  private static String text(String function, Object value, int lengthMax) {
    if (!(value instanceof String text)) {
      throw new EvaluationFailure(
          "%s needs a text, and has %s".formatted(function, Kind.of(value).words()), value);
    }
    if (text.length() > lengthMax) {
      throw new EvaluationFailure(
          "%s takes texts of %d characters at most".formatted(function, lengthMax), text);
    }
    return text;
  }
}
